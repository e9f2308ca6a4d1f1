namespace SmtpProxy.Routing;

/// <summary>What a <see cref="SenderPattern"/> compares.</summary>
internal enum SenderPatternKind : byte
{
    /// <summary>Not set: fits nothing.</summary>
    None = 0,

    /// <summary>The whole address.</summary>
    Address = 1,

    /// <summary>The domain.</summary>
    Domain = 2,

    /// <summary>Every domain below one.</summary>
    Subdomains = 3,
}
