namespace SmtpProxy.Protocol;

/// <summary>Result of scanning a piece of the text of a message.</summary>
public enum BodyScanStatus : byte
{
    /// <summary>Not scanned yet.</summary>
    None = 0,

    /// <summary>The end is not there yet.</summary>
    More,

    /// <summary>The end of data was found.</summary>
    End,

    /// <summary>The policy forbids what was found.</summary>
    Rejected,
}
