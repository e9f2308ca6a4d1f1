namespace SmtpProxy.Backends;

/// <summary>What else a reply must be for a rule to hold.</summary>
internal enum ReplyTrait : byte
{
    /// <summary>Anything.</summary>
    None = 0,

    /// <summary>It carries no enhanced code.</summary>
    NoEnhancedCode = 1,

    /// <summary>Its text names no address.</summary>
    NamesNobody = 2,
}
