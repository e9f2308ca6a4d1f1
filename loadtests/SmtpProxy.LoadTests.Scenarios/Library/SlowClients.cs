using SmtpProxy.LoadTests.Scenarios.Thresholds;

namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>Clients behind thin lines: the text comes in drops. What counts is how soon the server answers once all is there.</summary>
internal sealed class SlowClients(ScenarioOptions options) : SmtpScenario(options)
{
    private const int Drops = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public override string Name => "slow-clients";

    public override string Description => "200 clients that send the text in 16 pieces, 20 ms apart; final-reply is the server's share";

    public override IReadOnlyList<Threshold> Thresholds { get; } =
        [Threshold.MaxFailed(0), new Threshold("final-reply", ThresholdMetric.P99, IsUpper: true, 1000)];

    protected override int DefaultCopies => 200;

    protected override async Task<StepOutcome> IterateAsync(ILoadContext context, CancellationToken cancellationToken)
    {
        await using var steps = new SmtpSteps(Options);
        var outcome = await steps.ConnectAsync(context, cancellationToken);
        outcome = outcome.IsOk ? await steps.HelloAsync(context, cancellationToken) : outcome;
        outcome = outcome.IsOk
            ? await steps.MeasureAsync(context, "envelope", token => steps.EnvelopeAsync($"sender{context.InstanceNumber}@example.org", token), cancellationToken)
            : outcome;
        if (!outcome.IsOk)
        {
            return outcome;
        }

        var drop = (Text.Length / Drops) + 1;
        var sent = 0;
        for (; sent + drop < Text.Length; sent += drop)
        {
            await steps.Dialogue.WriteAsync(Text.Slice(sent, drop), cancellationToken);
            await Task.Delay(Pause, Options.Time, cancellationToken);
        }

        var last = Text[sent..];
        outcome = await steps.MeasureAsync(
            context,
            "final-reply",
            async token => StepOutcome.Of(await steps.Dialogue.CommandAsync(last, token), 250, Text.Length),
            cancellationToken);
        if (outcome.IsOk)
        {
            await steps.QuitAsync(context, cancellationToken);
        }

        return outcome;
    }
}
