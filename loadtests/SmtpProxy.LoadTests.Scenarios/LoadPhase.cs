using System.Globalization;

namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>A stretch of a plan.</summary>
/// <param name="Kind">What kind of load.</param>
/// <param name="Load">Copies, or iterations a second.</param>
/// <param name="During">How long.</param>
public sealed record LoadPhase(PhaseKind Kind, double Load, TimeSpan During)
{
    /// <summary>True for a load that does not wait for the target.</summary>
    public bool IsOpen => Kind is PhaseKind.Inject or PhaseKind.RampingInject;

    /// <summary>True for a load of copies that do.</summary>
    public bool IsClosed => Kind is PhaseKind.KeepConstant or PhaseKind.RampingConstant;

    /// <summary>So many copies.</summary>
    public static LoadPhase KeepConstant(int copies, TimeSpan during) => new(PhaseKind.KeepConstant, copies, during);

    /// <summary>Evenly to so many copies.</summary>
    public static LoadPhase RampingConstant(int copies, TimeSpan during) => new(PhaseKind.RampingConstant, copies, during);

    /// <summary>So many iterations a second.</summary>
    public static LoadPhase Inject(double rate, TimeSpan during) => new(PhaseKind.Inject, rate, during);

    /// <summary>Evenly to so many iterations a second.</summary>
    public static LoadPhase RampingInject(double rate, TimeSpan during) => new(PhaseKind.RampingInject, rate, during);

    /// <summary>Nothing.</summary>
    public static LoadPhase Pause(TimeSpan during) => new(PhaseKind.Pause, 0, during);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        PhaseKind.Pause => string.Create(CultureInfo.InvariantCulture, $"pause for {During.TotalSeconds:0.###} s"),
        PhaseKind.KeepConstant => string.Create(CultureInfo.InvariantCulture, $"{Load:0} copies for {During.TotalSeconds:0.###} s"),
        PhaseKind.RampingConstant => string.Create(CultureInfo.InvariantCulture, $"to {Load:0} copies in {During.TotalSeconds:0.###} s"),
        PhaseKind.Inject => string.Create(CultureInfo.InvariantCulture, $"{Load:0.##}/s for {During.TotalSeconds:0.###} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"to {Load:0.##}/s in {During.TotalSeconds:0.###} s"),
    };
}
