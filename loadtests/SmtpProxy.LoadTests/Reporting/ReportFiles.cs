using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SmtpProxy.LoadTests.Reporting;

/// <summary>A run as JSON, for programs, and as Markdown, for people.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    /// <summary>Writes both into a folder, which is made if it is not there.</summary>
    public static async Task WriteAsync(string folder, RunReport report, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, report.Run.Scenario);
        await File.WriteAllTextAsync(path + ".json", JsonSerializer.Serialize(report, Json) + "\n", cancellationToken);
        await File.WriteAllTextAsync(path + ".md", Markdown(report), cancellationToken);
    }

    private static string Markdown(RunReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {report.Run.Scenario}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"- started {report.Started:u}, ran {report.Run.Elapsed.TotalSeconds:0.0} s");
        text.AppendLine(CultureInfo.InvariantCulture, $"- load: {report.Plan}; target: {report.Target}");
        text.AppendLine(CultureInfo.InvariantCulture, $"- machine: {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        if (report.System is { } system)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- sinks: {system.Delivered} messages, {system.ScatteredSenders} senders on more than one");
            text.AppendLine(CultureInfo.InvariantCulture, $"- proxy: {system.ProcessorSecondsPer10k:0.00} CPU s per 10,000 messages, {system.WorkingSetMegabytes:0} MB");
        }

        text.AppendLine();
        text.AppendLine("| | ok | failed | /s | p50 ms | p75 ms | p90 ms | p99 ms | p99.9 ms | max ms |");
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var row in report.Rows)
        {
            var times = row.Latency;
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Name} | {row.Ok} | {row.Failed} | {row.Rate:0.0} | {times.P50:0.00} | {times.P75:0.00} | {times.P90:0.00} | {times.P99:0.00} | {times.P999:0.00} | {times.Max:0.00} |");
        }

        text.AppendLine();
        foreach (var bound in report.Thresholds)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {bound}");
        }

        return text.ToString();
    }
}
