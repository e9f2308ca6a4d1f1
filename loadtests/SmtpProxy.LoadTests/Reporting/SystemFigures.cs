using SmtpProxy.LoadTests.Scenarios.Beds;

namespace SmtpProxy.LoadTests.Reporting;

/// <summary>What the system of our own says of a run.</summary>
/// <param name="Delivered">Messages that the sinks took.</param>
/// <param name="ScatteredSenders">Senders whose mail came to more than one sink.</param>
/// <param name="ProcessorSeconds">Processor time of the proxy.</param>
/// <param name="WorkingSetMegabytes">Memory of the proxy at the end.</param>
internal sealed record SystemFigures(long Delivered, int ScatteredSenders, double ProcessorSeconds, double WorkingSetMegabytes)
{
    /// <summary>Processor time for 10,000 messages.</summary>
    public double ProcessorSecondsPer10k => Delivered > 0 ? ProcessorSeconds * 10_000 / Delivered : 0;

    /// <summary>The figures now; null without a system of our own.</summary>
    public static SystemFigures? Of(BuiltInSystem? bed) => bed is null
        ? null
        : new SystemFigures(bed.Delivered, bed.ScatteredSenders, bed.ProcessorTime.TotalSeconds, bed.WorkingSet / 1e6);

    /// <summary>What came since.</summary>
    public SystemFigures Since(SystemFigures before) =>
        this with { Delivered = Delivered - before.Delivered, ProcessorSeconds = ProcessorSeconds - before.ProcessorSeconds };
}
