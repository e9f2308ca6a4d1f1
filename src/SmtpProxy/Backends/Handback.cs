namespace SmtpProxy.Backends;

/// <summary>What becomes of a session that a transaction gives back.</summary>
internal enum Handback : byte
{
    /// <summary>Nothing: it is not lent.</summary>
    None = 0,

    /// <summary>It is kept, or lent again already.</summary>
    Kept = 1,

    /// <summary>RSET first.</summary>
    Reset = 2,

    /// <summary>It is closed.</summary>
    Part = 3,
}
