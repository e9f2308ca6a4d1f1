using SmtpProxy.LoadTests.Scenarios.Thresholds;

namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>One kind of load. It knows nothing of who drives it.</summary>
public interface ILoadScenario
{
    /// <summary>Name on the command line and in reports: letters, digits and hyphens, a letter first.</summary>
    string Name { get; }

    /// <summary>What it does, in one line.</summary>
    string Description { get; }

    /// <summary>How much load, when nobody asks for another.</summary>
    LoadPlan DefaultPlan { get; }

    /// <summary>What must hold at the end.</summary>
    IReadOnlyList<Threshold> Thresholds { get; }

    /// <summary>Prepares; runs once, before the first iteration.</summary>
    Task InitAsync(CancellationToken cancellationToken);

    /// <summary>One iteration. What goes wrong with the target is an outcome, never an exception.</summary>
    Task<StepOutcome> RunAsync(ILoadContext context, CancellationToken cancellationToken);

    /// <summary>Gives back what it holds; runs once, after the last iteration.</summary>
    Task CleanAsync();
}
