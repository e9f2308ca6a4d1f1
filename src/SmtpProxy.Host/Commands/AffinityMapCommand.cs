using System.CommandLine;
using SmtpProxy.Host.Admin.Documents;

namespace SmtpProxy.Host.Commands;

/// <summary><c>affinity map</c>: the entries of a cluster.</summary>
internal static class AffinityMapCommand
{
    private static readonly string[] Headings = ["SENDER", "DESTINATION", "REASON", "EXPIRES"];

    public static Command Create()
    {
        var destination = new Option<string?>("--destination") { Description = "Only entries of this destination.", HelpName = "id" };
        var limit = new Option<int>("--limit")
        {
            Description = "How many entries to show at most.",
            HelpName = "number",
            DefaultValueFactory = _ => 1000,
        };
        var options = new AdminOptions();
        var command = new Command("map", "List the affinity entries; senders appear as the store keeps them (hashed, unless keys are plain).")
        {
            destination,
            limit,
        };
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => options.RunAsync(
            result,
            async session =>
            {
                var cluster = await session.GetClusterAsync(cancellationToken);
                var list = await session.Client.ListAsync(
                    cluster, result.GetValue(destination), result.GetValue(limit), cancellationToken);
                session.Writer.Write(list, AdminJson.Default.AffinityListDocument, WriteTable);
                return ExitCode.Ok;
            },
            cancellationToken));
        return command;
    }

    private static void WriteTable(AffinityListDocument list, TextWriter output)
    {
        var rows = new List<string[]> { Headings };
        rows.AddRange(list.Entries
            .OrderBy(entry => entry.Sender, StringComparer.Ordinal)
            .Select(entry => new[] { entry.Sender, entry.Destination, entry.Reason, $"{entry.ExpiresAt:u}" }));
        AnswerWriter.WriteColumns(output, rows);
        if (list.Truncated)
        {
            output.WriteLine("(there are more; see --limit)");
        }
    }
}
