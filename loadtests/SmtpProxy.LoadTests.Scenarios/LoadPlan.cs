namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>How much load, one phase after the other.</summary>
/// <param name="Phases">The phases in order.</param>
public sealed record LoadPlan(IReadOnlyList<LoadPhase> Phases)
{
    /// <summary>How long it takes, without the iterations that end later.</summary>
    public TimeSpan Duration => Phases.Aggregate(TimeSpan.Zero, static (sum, phase) => sum + phase.During);

    /// <summary>A plan of these phases.</summary>
    public static LoadPlan Of(params LoadPhase[] phases) => new(phases);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Phases);
}
