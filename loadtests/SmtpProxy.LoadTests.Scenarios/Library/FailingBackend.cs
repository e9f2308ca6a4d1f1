using SmtpProxy.LoadTests.Scenarios.Beds;
using SmtpProxy.LoadTests.Scenarios.Thresholds;

namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>A mail server dies after a third of the time and comes back after two thirds. Clients try again, so that each message must get through.</summary>
internal sealed class FailingBackend : SmtpScenario
{
    private readonly KeptSessions _sessions;
    private readonly SenderPool _senders;
    private readonly Incident _death;
    private readonly Incident _return;

    public FailingBackend(ScenarioOptions options, ITestBed bed)
        : base(options)
    {
        _sessions = new KeptSessions(options);
        _senders = new SenderPool(options.Senders ?? 1000, exponent: 0);
        _death = new Incident(options.Duration / 3, bed.StopServerAsync, options.Time);
        _return = new Incident(options.Duration / 3 * 2, bed.StartServerAsync, options.Time);
    }

    public override string Name => "failing-backend";

    public override string Description => "as kept-sessions; one mail server dies after a third of the time and is back after two thirds";

    public override IReadOnlyList<Threshold> Thresholds { get; } = [Threshold.MaxFailed(0), Threshold.MaxP99(5000)];

    public override async Task CleanAsync()
    {
        await _death.EndAsync();
        await _return.EndAsync();
        await _sessions.CloseAsync();
    }

    protected override Task<StepOutcome> IterateAsync(ILoadContext context, CancellationToken cancellationToken)
    {
        _death.Arm();
        _return.Arm();
        var sender = _senders.Pick(context.Random);
        return PatientSender.SendAsync(() => _sessions.SendAsync(context, sender, Text, cancellationToken), Options.Time, cancellationToken);
    }
}
