using NBomber.Contracts;
using NBomber.CSharp;
using SmtpProxy.LoadTests.Scenarios;

namespace SmtpProxy.LoadTests.NBomber;

/// <summary>NBomber's context as a scenario sees it.</summary>
internal sealed class ContextAdapter(IScenarioContext context) : ILoadContext
{
    /// <inheritdoc/>
#if NBOMBER_4
    public int InstanceNumber => context.ScenarioInfo.ThreadNumber;
#else
    public int InstanceNumber => context.ScenarioInfo.InstanceNumber;
#endif

    /// <inheritdoc/>
    public long Iteration => context.InvocationNumber;

    /// <inheritdoc/>
    public Random Random => Random.Shared;

    /// <inheritdoc/>
    public async Task<StepOutcome> StepAsync(
        string name, Func<CancellationToken, Task<StepOutcome>> body, CancellationToken cancellationToken)
    {
        var outcome = default(StepOutcome);
        await Step.Run(name, context, async () =>
        {
            outcome = await body(cancellationToken);
            return outcome.IsOk
                ? Response.Ok(statusCode: outcome.Code, sizeBytes: (int)outcome.Bytes)
                : Response.Fail(statusCode: outcome.Code, message: outcome.Message ?? "");
        });
        return outcome;
    }
}
