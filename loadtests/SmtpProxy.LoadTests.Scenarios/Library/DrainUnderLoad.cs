using SmtpProxy.LoadTests.Scenarios.Beds;
using SmtpProxy.LoadTests.Scenarios.Thresholds;

namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>Half-way the proxy is told to end and another takes its place. Clients try again, so that each message must get through.</summary>
internal sealed class DrainUnderLoad : SmtpScenario
{
    private readonly SenderPool _senders;
    private readonly Incident _change;

    public DrainUnderLoad(ScenarioOptions options, ITestBed bed)
        : base(options)
    {
        _senders = new SenderPool(options.Senders ?? 1000, exponent: 0);
        _change = new Incident(options.Duration / 2, bed.ReplaceProxyAsync, options.Time);
    }

    public override string Name => "drain-under-load";

    public override string Description => "as connect-per-message; half-way the proxy drains and another takes its place";

    public override IReadOnlyList<Threshold> Thresholds { get; } = [Threshold.MaxFailed(0), Threshold.MaxP99(10_000)];

    public override Task CleanAsync() => _change.EndAsync();

    protected override Task<StepOutcome> IterateAsync(ILoadContext context, CancellationToken cancellationToken)
    {
        _change.Arm();
        var sender = _senders.Pick(context.Random);
        return PatientSender.SendAsync(() => SendAsync(context, sender, cancellationToken), Options.Time, cancellationToken);
    }

    private async Task<StepOutcome> SendAsync(ILoadContext context, string sender, CancellationToken cancellationToken)
    {
        await using var steps = new SmtpSteps(Options);
        var outcome = await steps.ConnectAsync(context, cancellationToken);
        outcome = outcome.IsOk ? await steps.HelloAsync(context, cancellationToken) : outcome;
        outcome = outcome.IsOk ? await steps.MessageAsync(context, sender, Text, cancellationToken) : outcome;
        if (outcome.IsOk)
        {
            // The message is accepted: whatever comes of the farewell, sending it again would double it.
            await steps.QuitAsync(context, cancellationToken);
        }

        return outcome;
    }
}
