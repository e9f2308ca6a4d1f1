using SmtpProxy.LoadTests.Scenarios.Thresholds;

namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>Long texts: octets count, not commands.</summary>
internal sealed class LargeBodies(ScenarioOptions options) : SmtpScenario(options)
{
    private readonly KeptSessions _sessions = new(options);

    public override string Name => "large-bodies";

    public override string Description => "4 connections with messages of 20 MB";

    public override IReadOnlyList<Threshold> Thresholds { get; } = [Threshold.MaxFailed(0), Threshold.MaxP99(10_000)];

    protected override int DefaultCopies => 4;

    protected override int DefaultSize => 20_000_000;

    public override Task CleanAsync() => _sessions.CloseAsync();

    protected override Task<StepOutcome> IterateAsync(ILoadContext context, CancellationToken cancellationToken) =>
        _sessions.SendAsync(context, $"sender{context.InstanceNumber}@example.org", Text, cancellationToken);
}
