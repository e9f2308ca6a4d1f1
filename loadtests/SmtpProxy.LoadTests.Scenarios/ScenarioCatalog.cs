using System.Net;
using SmtpProxy.LoadTests.Scenarios.Beds;
using SmtpProxy.LoadTests.Scenarios.Library;

namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>All scenarios by name.</summary>
public static class ScenarioCatalog
{
    private static readonly Dictionary<string, Func<ScenarioOptions, ILoadScenario>> Makers = new(StringComparer.Ordinal)
    {
        ["connect-per-message"] = static options => new ConnectPerMessage(options),
        ["kept-sessions"] = static options => new ManySenders(options),
        ["large-bodies"] = static options => new LargeBodies(options),
        ["slow-clients"] = static options => new SlowClients(options),
        ["starttls"] = static options => new StartTls(options),
        ["sender-skew"] = static options => new SenderSkew(options),
        ["failing-backend"] = static options => new FailingBackend(options, NeedBed(options)),
        ["drain-under-load"] = static options => new DrainUnderLoad(options, NeedBed(options)),
    };

    /// <summary>Their names.</summary>
    public static IReadOnlyCollection<string> Names => Makers.Keys;

    /// <summary>Those that break parts of the system and so need one of their own.</summary>
    public static IReadOnlyCollection<string> NeedingBed { get; } = ["failing-backend", "drain-under-load"];

    /// <summary>Makes one; throws when there is none of that name.</summary>
    public static ILoadScenario Create(string name, ScenarioOptions options) => Makers.TryGetValue(name, out var make)
        ? make(options)
        : throw new ArgumentException($"No scenario is called '{name}'.", nameof(name));

    /// <summary>What each of them does.</summary>
    public static IEnumerable<(string Name, string Description)> Describe()
    {
        var options = new ScenarioOptions { Target = new IPEndPoint(IPAddress.Loopback, 25), Bed = new NoBed() };
        return Makers.Select(maker => (maker.Key, maker.Value(options).Description));
    }

    private static ITestBed NeedBed(ScenarioOptions options) =>
        options.Bed ?? throw new ArgumentException("This scenario breaks parts of the system: it needs one of its own.", nameof(options));
}
