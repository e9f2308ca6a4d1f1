namespace SmtpProxy.Model;

/// <summary>What a server's reply is about; follows the enhanced code when there is one (RFC 3463).</summary>
public enum ReplyClass : byte
{
    /// <summary>Not classified.</summary>
    None = 0,

    /// <summary>2xx or 3xx.</summary>
    Positive = 1,

    /// <summary>4xx about the host: another one may do better.</summary>
    Host = 2,

    /// <summary>4xx about a recipient or a policy, greylisting above all: another host would begin anew.</summary>
    Policy = 3,

    /// <summary>5xx.</summary>
    Permanent = 4,
}
