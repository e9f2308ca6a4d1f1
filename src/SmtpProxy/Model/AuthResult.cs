namespace SmtpProxy.Model;

/// <summary>How an AUTH command ended. Names leave the process as metric labels and log fields.</summary>
public enum AuthResult : byte
{
    /// <summary>Not ended.</summary>
    None = 0,

    /// <summary>The server has accepted the credentials.</summary>
    Accepted = 1,

    /// <summary>5xx, of the server or of the proxy.</summary>
    Rejected = 2,

    /// <summary>4xx: no server could say.</summary>
    Deferred = 3,

    /// <summary>The client gave up, by <c>*</c> or by going.</summary>
    Cancelled = 4,
}
