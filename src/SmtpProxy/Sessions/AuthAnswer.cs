namespace SmtpProxy.Sessions;

/// <summary>What a client's line within an AUTH exchange is.</summary>
internal enum AuthAnswer : byte
{
    /// <summary>None has come.</summary>
    None = 0,

    /// <summary>A response for the server.</summary>
    Response,

    /// <summary>The client gives up.</summary>
    Cancel,

    /// <summary>A line that no server may be sent.</summary>
    NotBase64,

    /// <summary>A line over the limit, whose octets are gone.</summary>
    TooLong,
}
