namespace SmtpProxy.Configuration;

/// <summary>Queue depths of a destination that send senders elsewhere.</summary>
public sealed record OverflowConfig
{
    /// <summary>Messages from which on no new senders come; null: no bound. Default null.</summary>
    public int? Soft { get; init; }

    /// <summary>Messages from which on its senders are served elsewhere for the time being; null: no bound. Default null.</summary>
    public int? Hard { get; init; }
}
