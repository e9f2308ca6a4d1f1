using System.Net;
using SmtpProxy.LoadTests.Scenarios;
using SmtpProxy.LoadTests.Scenarios.Thresholds;

namespace SmtpProxy.LoadTests.Commands;

/// <summary>What the command line asks for.</summary>
internal sealed record RunOptions
{
    /// <summary>Scenarios, run one after the other.</summary>
    public required IReadOnlyList<string> Scenarios { get; init; }

    /// <summary>Length of the default plan.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Load before the measured one, to let the compilers do their work.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Copies in the default plan.</summary>
    public int? Copies { get; init; }

    /// <summary>Phases instead of the default plan; empty: the default plan.</summary>
    public IReadOnlyList<LoadPhase> Phases { get; init; } = [];

    /// <summary>Octets of a message.</summary>
    public int? Size { get; init; }

    /// <summary>How many senders.</summary>
    public int? Senders { get; init; }

    /// <summary>Bounds instead of the scenario's own; empty: its own.</summary>
    public IReadOnlyList<Threshold> Thresholds { get; init; } = [];

    /// <summary>Folder for the reports; null: none.</summary>
    public string? Report { get; init; }

    /// <summary>Where the load goes; null: to a system of our own.</summary>
    public IPEndPoint? Target { get; init; }

    /// <summary>Settings at the top of the own proxy's configuration.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Makes the scenarios' choices repeatable.</summary>
    public int Seed { get; init; }
}
