namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>Connections that carry one message after the other, each of another sender: what makes a proxy that knows senders change servers.</summary>
internal class ManySenders : SmtpScenario
{
    private readonly KeptSessions _sessions;
    private readonly SenderPool _senders;

    public ManySenders(ScenarioOptions options)
        : this(options, exponent: 0)
    {
    }

    protected ManySenders(ScenarioOptions options, double exponent)
        : base(options)
    {
        _sessions = new KeptSessions(options);
        _senders = new SenderPool(options.Senders ?? 10_000, exponent);
    }

    public override string Name => "kept-sessions";

    public override string Description => "20 connections that stay, each message of another of 10000 senders";

    public override Task CleanAsync() => _sessions.CloseAsync();

    protected override Task<StepOutcome> IterateAsync(ILoadContext context, CancellationToken cancellationToken) =>
        _sessions.SendAsync(context, _senders.Pick(context.Random), Text, cancellationToken);
}
