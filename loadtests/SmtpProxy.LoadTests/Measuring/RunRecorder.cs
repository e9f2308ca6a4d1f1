using System.Collections.Concurrent;
using SmtpProxy.LoadTests.Scenarios;

namespace SmtpProxy.LoadTests.Measuring;

/// <summary>All rows of a run.</summary>
internal sealed class RunRecorder(string scenario, TimeProvider time)
{
    private readonly RowRecorder _iterations = new("iteration");
    private readonly ConcurrentDictionary<string, RowRecorder> _steps = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private long _start = time.GetTimestamp();
    private TimeSpan? _elapsed;

    /// <summary>How long it has been running, or ran.</summary>
    public TimeSpan Elapsed => _elapsed ?? time.GetElapsedTime(_start);

    /// <summary>The clock starts.</summary>
    public void Begin() => _start = time.GetTimestamp();

    /// <summary>The clock stops.</summary>
    public void End() => _elapsed = time.GetElapsedTime(_start);

    /// <summary>An iteration has ended.</summary>
    public void AddIteration(in StepOutcome outcome, TimeSpan elapsed) => _iterations.Add(outcome, elapsed);

    /// <summary>A step has ended.</summary>
    public void AddStep(string name, in StepOutcome outcome, TimeSpan elapsed)
    {
        if (!_steps.TryGetValue(name, out var row))
        {
            row = Open(name);
        }

        row.Add(outcome, elapsed);
    }

    /// <summary>What has come of it so far.</summary>
    public ScenarioSummary Summarize()
    {
        var elapsed = Elapsed;
        string[] order;
        lock (_order)
        {
            order = [.. _order];
        }

        return new ScenarioSummary(
            scenario, elapsed, _iterations.Summarize(elapsed), [.. order.Select(name => _steps[name].Summarize(elapsed))]);
    }

    private RowRecorder Open(string name)
    {
        lock (_order)
        {
            return _steps.GetOrAdd(name, added =>
            {
                _order.Add(added);
                return new RowRecorder(added);
            });
        }
    }
}
