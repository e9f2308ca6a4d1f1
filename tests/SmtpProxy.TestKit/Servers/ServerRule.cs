using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Servers;

/// <summary>Replaces the reply of the well-behaved server where its conditions hold.</summary>
public sealed record ServerRule
{
    /// <summary>Pattern on the command line; <c>&lt;EOD&gt;</c> stands for the end of a message.</summary>
    public required string When { get; init; }

    /// <summary>The reply, with escapes; empty for none.</summary>
    public required string Reply { get; init; }

    /// <summary>Closes after the reply.</summary>
    public CloseHow? ThenClose { get; init; }

    /// <summary>At the end of a message: stores it although no whole positive reply goes out.</summary>
    public bool Accept { get; init; }

    /// <summary>Holds only when the connection has stored that many messages.</summary>
    public int AfterMessages { get; init; }

    /// <summary>Holds that many times, counted over all connections.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>Holds only when a recipient that was tried has this text.</summary>
    public string? IfRcpt { get; init; }
}
