namespace SmtpProxy.Model;

/// <summary>How affinity took part in one transaction: the <c>affinity=</c> field of the log.</summary>
public enum AffinityUse : byte
{
    /// <summary>No affinity: disabled, or a null sender.</summary>
    None = 0,

    /// <summary>An entry was found.</summary>
    Hit = 1,

    /// <summary>An entry was made.</summary>
    New = 2,

    /// <summary>An entry was found that had been moved from another destination.</summary>
    Moved = 3,

    /// <summary>The store could not be asked; the deterministic choice was taken.</summary>
    Hash = 4,
}
