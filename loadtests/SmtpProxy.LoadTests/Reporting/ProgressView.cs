using System.Globalization;
using SmtpProxy.LoadTests.Measuring;
using Spectre.Console;

namespace SmtpProxy.LoadTests.Reporting;

/// <summary>Shows a run while it lasts: a table that updates on a terminal, a line now and then elsewhere.</summary>
internal sealed class ProgressView(TextWriter output, RunRecorder recorder, TimeProvider time)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Line = TimeSpan.FromSeconds(2);

    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

    /// <summary>Shows it until <paramref name="work"/> is done.</summary>
    public Task ShowAsync(Task work) => _console.Profile.Out.IsTerminal ? ShowTableAsync(work) : ShowLinesAsync(work);

    private async Task ShowLinesAsync(Task work)
    {
        while (await Task.WhenAny(work, Task.Delay(Line, time)) != work)
        {
            var run = recorder.Summarize();
            var all = run.Iterations;
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Elapsed.TotalSeconds,6:0.0} s  {all.Ok,9} ok  {all.Failed,6} failed  {all.Rate,8:0.0}/s  p50 {all.Latency.P50:0.00} ms  p99 {all.Latency.P99:0.00} ms"));
        }

        await work;
    }

    private Task ShowTableAsync(Task work) => _console.Live(Draw()).StartAsync(async live =>
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(Refresh, time));
            live.UpdateTarget(Draw());
        }

        await work;
    });

    private Table Draw()
    {
        var run = recorder.Summarize();
        var table = new Table { Border = TableBorder.SimpleHeavy, Title = new TableTitle($"{run.Scenario}, {run.Elapsed.TotalSeconds:0} s") };
        table.AddColumns("", "ok", "failed", "/s", "p50 ms", "p99 ms", "max ms");
        foreach (var row in run.Steps.Prepend(run.Iterations))
        {
            table.AddRow(
                Markup.Escape(row.Name),
                $"{row.Ok}",
                row.Failed > 0 ? $"[red]{row.Failed}[/]" : "0",
                Number(row.Rate, "0.0"),
                Number(row.Latency.P50, "0.00"),
                Number(row.Latency.P99, "0.00"),
                Number(row.Latency.Max, "0.00"));
        }

        return table;
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
