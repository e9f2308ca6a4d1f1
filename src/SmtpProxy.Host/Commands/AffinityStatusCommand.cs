using System.CommandLine;
using System.Net;
using SmtpProxy.Host.Admin.Documents;
using SmtpProxy.Host.Client;

namespace SmtpProxy.Host.Commands;

/// <summary><c>affinity status</c>: one sender in the three lines of <c>doveadm director status</c>, or all clusters.</summary>
internal static class AffinityStatusCommand
{
    private static readonly string[] Headings = ["CLUSTER", "ENTRIES", "DESTINATION", "ADDRESS", "STATE", "IN FLIGHT"];

    public static Command Create()
    {
        var sender = AffinityArguments.Sender();
        sender.Arity = ArgumentArity.ZeroOrOne;
        var options = new AdminOptions();
        var command = new Command("status", "Show where a sender goes and why (exit code 68 without an entry), or all destinations.")
        {
            sender,
        };
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => options.RunAsync(
            result,
            session => result.GetValue(sender) is { Length: > 0 } address
                ? ShowSenderAsync(session, address, cancellationToken)
                : ShowClustersAsync(session, cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> ShowSenderAsync(AdminSession session, string sender, CancellationToken cancellationToken)
    {
        var cluster = await session.GetClusterAsync(cancellationToken);
        var entry = await FindAsync(session.Client, cluster, sender, cancellationToken);
        var explained = await session.Client.ExplainAsync(sender, null, null, cancellationToken);
        session.Writer.Write(explained with { Entry = entry }, AdminJson.Default.ExplainDocument, (_, output) =>
        {
            var hashed = string.Equals(explained.Cluster, cluster, StringComparison.OrdinalIgnoreCase) ? explained.Hashed : null;
            output.WriteLine(entry is null ? "Current: not assigned" : $"Current: {entry.Destination} (expires {entry.ExpiresAt:u})");
            output.WriteLine($"Hashed: {hashed ?? "-"}");
            output.WriteLine($"Reason: {DescribeReason(entry)}");
        });
        return entry is null ? ExitCode.NotFound : ExitCode.Ok;
    }

    private static async Task<AffinityDocument?> FindAsync(
        AdminClient client, string cluster, string sender, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetAffinityAsync(cluster, sender, cancellationToken);
        }
        catch (AdminClientException e) when (e.Status is HttpStatusCode.NotFound)
        {
            // An unknown cluster answers 404 too; it must not pass for a sender without an entry.
            var clusters = await client.GetClustersAsync(cancellationToken);
            if (clusters.Clusters.Any(c => string.Equals(c.Id, cluster, StringComparison.OrdinalIgnoreCase)))
            {
                return null;
            }

            throw;
        }
    }

    private static string DescribeReason(AffinityDocument? entry) => entry switch
    {
        null => "no entry",
        { AvoidedDestination: { } avoided, AvoidedUntil: { } until } =>
            $"{entry.Reason} at {entry.AssignedAt:u}, avoids {avoided} until {until:u}",
        _ => $"{entry.Reason} at {entry.AssignedAt:u}",
    };

    private static async Task<int> ShowClustersAsync(AdminSession session, CancellationToken cancellationToken)
    {
        var clusters = await session.Client.GetClustersAsync(cancellationToken);
        session.Writer.Write(clusters, AdminJson.Default.ClusterListDocument, static (document, output) =>
        {
            var rows = new List<string[]> { Headings };
            rows.AddRange(document.Clusters.SelectMany(cluster => cluster.Destinations.Select(destination => new[]
            {
                cluster.Id,
                cluster.AffinityEntries.ToString(),
                destination.Id,
                destination.Address,
                destination.State,
                destination.InFlight.ToString(),
            })));
            AnswerWriter.WriteColumns(output, rows);
        });
        return ExitCode.Ok;
    }
}
