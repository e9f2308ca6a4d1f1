using Spectre.Console;
using Spectre.Console.Rendering;

namespace SmtpProxy.Host.Demo;

/// <summary>The demo as a table on the terminal.</summary>
internal static class DemoTable
{
    /// <summary>Draws one moment.</summary>
    /// <param name="picture">The moment.</param>
    /// <param name="reroutes">Affinity entries that the proxy has moved.</param>
    public static IRenderable Draw(DemoPicture picture, int reroutes)
    {
        var stopped = picture.Sinks.Where(sink => sink.IsStopped).Select(sink => sink.Sink).ToHashSet();
        // Narrow and low enough for a terminal of 80 columns and 24 lines.
        var senders = new Table { Border = TableBorder.SimpleHeavy }.AddColumns("Sender", "Destination", "Messages");
        foreach (var row in picture.Senders)
        {
            senders.AddRow(Markup.Escape(row.Sender), DescribePlace(row, stopped), $"{row.Messages}");
        }

        var sinks = new Table { Border = TableBorder.SimpleHeavy }.AddColumns("Sink", "State", "Messages");
        foreach (var row in picture.Sinks)
        {
            sinks.AddRow(row.Sink, row.IsStopped ? "[red]stopped[/]" : "[green]up[/]", $"{row.Messages}");
        }

        var totals = new Grid().AddColumns(2)
            .AddRow("accepted", $"{picture.Accepted}")
            .AddRow("retried by clients", $"{picture.Retries}")
            .AddRow("senders moved", $"{picture.Senders.Count(row => row.IsMoved)}")
            .AddRow("entries rerouted", $"{reroutes}");
        return new Grid().AddColumns(2).AddRow(senders, new Rows(sinks, totals));
    }

    private static string DescribePlace(SenderRow row, HashSet<string> stopped) => row switch
    {
        { Destination: null } => "-",
        { IsMoved: true } => $"[yellow]{row.Home} -> {row.Destination}[/]",
        _ when stopped.Contains(row.Destination) => $"[red]{row.Destination}[/]",
        _ => row.Destination,
    };
}
