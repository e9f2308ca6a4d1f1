namespace SmtpProxy.Protocol;

/// <summary>Result of looking for one command line.</summary>
public enum LineStatus : byte
{
    /// <summary>Not looked yet.</summary>
    None = 0,

    /// <summary>No whole line is there.</summary>
    NeedMore,

    /// <summary>A line was read.</summary>
    Line,

    /// <summary>A line over the limit has gone by, its CRLF included.</summary>
    TooLong,
}
