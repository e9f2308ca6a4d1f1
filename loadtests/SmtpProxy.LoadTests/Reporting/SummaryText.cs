using System.Globalization;
using SmtpProxy.LoadTests.Scenarios;

namespace SmtpProxy.LoadTests.Reporting;

/// <summary>The end of a run as text.</summary>
internal sealed class SummaryText(TextWriter output)
{
    /// <summary>Writes it.</summary>
    public async Task WriteAsync(RunReport report)
    {
        await output.WriteLineAsync();
        await output.WriteLineAsync($"{"",-12} {"ok",9} {"failed",7} {"/s",9} {"MB/s",8} {"min",9} {"mean",9} {"p50",9} {"p75",9} {"p90",9} {"p99",9} {"p99.9",9} {"max",9}  ms");
        foreach (var row in report.Rows)
        {
            await output.WriteLineAsync(Describe(row, report.Run.Elapsed));
        }

        foreach (var row in report.Rows)
        {
            foreach (var (code, failure) in row.Failures)
            {
                await output.WriteLineAsync($"failed: {row.Name}: {failure.Count} x {code}, first: {OneLine(failure.Example)}");
            }
        }

        if (report.System is { } system)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"sinks: {system.Delivered} messages, {system.ScatteredSenders} senders on more than one; proxy: {system.ProcessorSecondsPer10k:0.00} CPU s per 10,000 messages, {system.WorkingSetMegabytes:0} MB"));
        }

        foreach (var bound in report.Thresholds)
        {
            await output.WriteLineAsync($"threshold {bound}");
        }
    }

    private static string Describe(RowSummary row, TimeSpan elapsed)
    {
        var times = row.Latency;
        var megabytes = elapsed > TimeSpan.Zero ? row.Bytes / 1e6 / elapsed.TotalSeconds : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Name,-12} {row.Ok,9} {row.Failed,7} {row.Rate,9:0.0} {megabytes,8:0.0} {times.Min,9:0.00} {times.Mean,9:0.00} {times.P50,9:0.00} {times.P75,9:0.00} {times.P90,9:0.00} {times.P99,9:0.00} {times.P999,9:0.00} {times.Max,9:0.00}");
    }

    private static string OneLine(string? text) => (text ?? "").ReplaceLineEndings(" ");
}
