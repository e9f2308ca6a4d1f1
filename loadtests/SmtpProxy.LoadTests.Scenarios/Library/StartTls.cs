using SmtpProxy.LoadTests.Scenarios.Thresholds;

namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>A full handshake for each message: the dearest thing a client may ask for.</summary>
internal sealed class StartTls(ScenarioOptions options) : SmtpScenario(options)
{
    private readonly SenderPool _senders = new(options.Senders ?? 1000, exponent: 0);

    public override string Name => "starttls";

    public override string Description => "a connection for each message, each with STARTTLS and a full handshake";

    public override IReadOnlyList<Threshold> Thresholds { get; } = [Threshold.MaxFailed(0), Threshold.MaxP99(2000)];

    protected override async Task<StepOutcome> IterateAsync(ILoadContext context, CancellationToken cancellationToken)
    {
        await using var steps = new SmtpSteps(Options);
        var outcome = await steps.ConnectAsync(context, cancellationToken);
        outcome = outcome.IsOk ? await steps.HelloAsync(context, cancellationToken) : outcome;
        outcome = outcome.IsOk ? await steps.StartTlsAsync(context, cancellationToken) : outcome;
        outcome = outcome.IsOk ? await steps.HelloAsync(context, cancellationToken) : outcome;
        outcome = outcome.IsOk ? await steps.MessageAsync(context, _senders.Pick(context.Random), Text, cancellationToken) : outcome;
        if (!outcome.IsOk)
        {
            return outcome;
        }

        var end = await steps.QuitAsync(context, cancellationToken);
        return end.IsOk ? outcome : end;
    }
}
