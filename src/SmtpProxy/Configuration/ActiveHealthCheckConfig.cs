namespace SmtpProxy.Configuration;

/// <summary>Probes: short dialogues that never send mail.</summary>
public sealed record ActiveHealthCheckConfig
{
    /// <summary>Probe the destinations. Default false.</summary>
    public bool Enabled { get; init; }

    /// <summary>Time between two probes of a destination. Default 10 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one probe may take. Default 15 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Failed probes in a row after which a destination is down. Default 3.</summary>
    public int Fall { get; init; } = 3;

    /// <summary>Good probes in a row after which it is up again. Default 2.</summary>
    public int Rise { get; init; } = 2;

    /// <summary>How far a probe goes. Default <c>Mail</c>.</summary>
    public ProbeDepth Depth { get; init; } = ProbeDepth.Mail;

    /// <summary>Sender of a probe; empty: the null sender. Default empty.</summary>
    public string MailFrom { get; init; } = string.Empty;

    /// <summary>Recipient of a probe; needed for the depth <c>Rcpt</c>.</summary>
    public string? RcptTo { get; init; }

    /// <summary>Port to probe; null: the port of the destination. Default null.</summary>
    public int? Port { get; init; }
}
