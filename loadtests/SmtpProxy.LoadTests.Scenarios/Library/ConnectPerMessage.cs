namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>What most of the Internet's mail looks like: one connection, one message.</summary>
internal sealed class ConnectPerMessage(ScenarioOptions options) : SmtpScenario(options)
{
    private readonly SenderPool _senders = new(options.Senders ?? 1000, exponent: 0);

    public override string Name => "connect-per-message";

    public override string Description => "a connection for each message of 4 KiB, 1000 senders";

    protected override async Task<StepOutcome> IterateAsync(ILoadContext context, CancellationToken cancellationToken)
    {
        await using var steps = new SmtpSteps(Options);
        var outcome = await steps.ConnectAsync(context, cancellationToken);
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
