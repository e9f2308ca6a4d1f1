using System.Collections.Concurrent;

namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>A connection for each copy, kept from one iteration to the next and made anew when it broke.</summary>
internal sealed class KeptSessions(ScenarioOptions options)
{
    private readonly ConcurrentDictionary<int, SmtpSteps> _sessions = new();

    /// <summary>Sends a message over the copy's connection.</summary>
    public async Task<StepOutcome> SendAsync(ILoadContext context, string sender, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        var steps = _sessions.GetOrAdd(context.InstanceNumber, static (_, made) => new SmtpSteps(made), options);
        if (!steps.IsOpen)
        {
            var outcome = await steps.ConnectAsync(context, cancellationToken);
            if (outcome.IsOk)
            {
                outcome = await steps.HelloAsync(context, cancellationToken);
            }

            if (!outcome.IsOk)
            {
                return outcome;
            }
        }

        return await steps.MessageAsync(context, sender, text, cancellationToken);
    }

    /// <summary>Closes all of them.</summary>
    public async Task CloseAsync()
    {
        foreach (var number in _sessions.Keys)
        {
            if (_sessions.TryRemove(number, out var steps))
            {
                await steps.DisposeAsync();
            }
        }
    }
}
