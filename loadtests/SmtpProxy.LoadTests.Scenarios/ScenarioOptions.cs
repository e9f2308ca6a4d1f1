using System.Net;
using SmtpProxy.LoadTests.Scenarios.Beds;

namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>What a scenario is made with.</summary>
public sealed record ScenarioOptions
{
    /// <summary>Where the load goes.</summary>
    public required IPEndPoint Target { get; init; }

    /// <summary>The system under test, when the scenario may break parts of it; null: somebody else's.</summary>
    public ITestBed? Bed { get; init; }

    /// <summary>How long the default plan takes.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Copies or iterations a second in the default plan; null: the scenario's own.</summary>
    public int? Copies { get; init; }

    /// <summary>Octets of a message; null: the scenario's own.</summary>
    public int? MessageSize { get; init; }

    /// <summary>How many senders; null: the scenario's own.</summary>
    public int? Senders { get; init; }

    /// <summary>The longest that one iteration may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
