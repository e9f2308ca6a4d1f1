using System.Collections.Concurrent;
using HdrHistogram;
using SmtpProxy.LoadTests.Scenarios;

namespace SmtpProxy.LoadTests.Measuring;

/// <summary>Counts and times of one row of the report; may be written by many at once.</summary>
internal sealed class RowRecorder(string name)
{
    // In microseconds: from one to ten minutes, three digits exact.
    private const long Longest = 600_000_000;
    private const int Digits = 3;
    private const double MicrosecondsPerMillisecond = 1000;

    private readonly LongConcurrentHistogram _times = new(1, Longest, Digits);
    private readonly ConcurrentDictionary<string, FailureSummary> _failures = new(StringComparer.Ordinal);
    private long _ok;
    private long _failed;
    private long _bytes;

    /// <summary>What is measured.</summary>
    public string Name => name;

    /// <summary>How many went well so far.</summary>
    public long Ok => Interlocked.Read(ref _ok);

    /// <summary>How many did not.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>One came to its end.</summary>
    public void Add(in StepOutcome outcome, TimeSpan elapsed)
    {
        if (!outcome.IsOk)
        {
            Interlocked.Increment(ref _failed);
            _failures.AddOrUpdate(
                outcome.Code,
                static (_, message) => new FailureSummary(1, message),
                static (_, known, _) => known with { Count = known.Count + 1 },
                outcome.Message);
            return;
        }

        // What took longer than the histogram reaches counts as its longest, rather than not at all.
        _times.RecordValue(Math.Clamp((long)elapsed.TotalMicroseconds, 1, Longest));
        Interlocked.Increment(ref _ok);
        Interlocked.Add(ref _bytes, outcome.Bytes);
    }

    /// <summary>What came of it. The times are a copy that may miss what is written meanwhile.</summary>
    public RowSummary Summarize(TimeSpan elapsed)
    {
        var ok = Ok;
        return new RowSummary(
            name,
            ok,
            Failed,
            Interlocked.Read(ref _bytes),
            elapsed > TimeSpan.Zero ? ok / elapsed.TotalSeconds : 0,
            SummarizeTimes(),
            new SortedDictionary<string, FailureSummary>(_failures, StringComparer.Ordinal));
    }

    private LatencySummary SummarizeTimes()
    {
        var times = _times.Copy();
        if (times.TotalCount == 0)
        {
            return LatencySummary.None;
        }

        return new LatencySummary(
            times.RecordedValues().First().ValueIteratedTo / MicrosecondsPerMillisecond,
            times.GetMean() / MicrosecondsPerMillisecond,
            At(50),
            At(75),
            At(90),
            At(99),
            At(99.9),
            times.GetMaxValue() / MicrosecondsPerMillisecond);

        double At(double percentile) => times.GetValueAtPercentile(percentile) / MicrosecondsPerMillisecond;
    }
}
