using System.CommandLine;
using SmtpProxy.Host.Admin.Documents;

namespace SmtpProxy.Host.Commands;

/// <summary><c>explain</c>: where a transaction would go, and why.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var sender = new Option<string>("--sender") { Description = "Address of MAIL FROM.", HelpName = "a@b", Required = true };
        var client = new Option<string?>("--client") { Description = "Address of the client. Default: 127.0.0.1.", HelpName = "ip" };
        var recipient = new Option<string?>("--recipient") { Description = "Address of the first RCPT TO.", HelpName = "c@d" };
        var options = new AdminOptions();
        var command = new Command("explain", "Show which route, cluster and destination a transaction would take.")
        {
            sender,
            client,
            recipient,
        };
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => options.RunAsync(
            result,
            async session =>
            {
                var document = await session.Client.ExplainAsync(
                    result.GetRequiredValue(sender), result.GetValue(client), result.GetValue(recipient), cancellationToken);
                session.Writer.Write(document, AdminJson.Default.ExplainDocument, WriteLines);
                return document.Cluster is null ? ExitCode.NotFound : ExitCode.Ok;
            },
            cancellationToken));
        return command;
    }

    private static void WriteLines(ExplainDocument document, TextWriter output)
    {
        var entry = document.Entry;
        output.WriteLine($"Route: {document.Route ?? "none matches"}");
        output.WriteLine($"Cluster: {document.Cluster ?? "-"}");
        output.WriteLine($"Key: {document.Key ?? "none"}");
        output.WriteLine(entry is null ? "Entry: none" : $"Entry: {entry.Destination} ({entry.Reason}, expires {entry.ExpiresAt:u})");
        output.WriteLine($"Hashed: {document.Hashed ?? "-"}");
        output.WriteLine($"Candidates: {(document.Candidates.Count == 0 ? "none" : string.Join(", ", document.Candidates))}");
    }
}
