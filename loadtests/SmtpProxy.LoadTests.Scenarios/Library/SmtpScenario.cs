using SmtpProxy.LoadTests.Scenarios.Smtp;
using SmtpProxy.LoadTests.Scenarios.Thresholds;

namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>What the scenarios have in common.</summary>
internal abstract class SmtpScenario(ScenarioOptions options) : ILoadScenario
{
    private byte[]? _text;

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public virtual LoadPlan DefaultPlan => LoadPlan.Of(LoadPhase.KeepConstant(Options.Copies ?? DefaultCopies, Options.Duration));

    /// <summary>Generous, so that they speak of the target and not of the machine: tighten them with <c>--threshold</c>.</summary>
    public virtual IReadOnlyList<Threshold> Thresholds { get; } = [Threshold.MaxFailed(0), Threshold.MaxP99(1000)];

    protected ScenarioOptions Options { get; } = options;

    protected virtual int DefaultCopies => 20;

    protected virtual int DefaultSize => 4096;

    protected ReadOnlyMemory<byte> Text => _text ??= MessageText.Create(Options.MessageSize ?? DefaultSize);

    /// <inheritdoc/>
    public virtual Task InitAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<StepOutcome> RunAsync(ILoadContext context, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Options.Timeout, Options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await StepOutcome.CatchAsync(token => IterateAsync(context, token), either.Token);
    }

    /// <inheritdoc/>
    public virtual Task CleanAsync() => Task.CompletedTask;

    protected abstract Task<StepOutcome> IterateAsync(ILoadContext context, CancellationToken cancellationToken);
}
