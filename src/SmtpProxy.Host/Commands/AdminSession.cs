using SmtpProxy.Host.Client;

namespace SmtpProxy.Host.Commands;

/// <summary>What a command that asks a running proxy works with.</summary>
internal sealed class AdminSession(AdminClient client, AnswerWriter writer, string? cluster)
{
    /// <summary>The API.</summary>
    public AdminClient Client { get; } = client;

    /// <summary>Where the answer goes.</summary>
    public AnswerWriter Writer { get; } = writer;

    /// <summary>The cluster that was named, or the only one there is.</summary>
    public async Task<string> GetClusterAsync(CancellationToken cancellationToken)
    {
        if (cluster is not null)
        {
            return cluster;
        }

        var ids = (await Client.GetClustersAsync(cancellationToken)).Clusters.Select(c => c.Id).ToList();
        return ids is [var only]
            ? only
            : throw new CommandException(ExitCode.Usage, $"there are {ids.Count} clusters: name one with --cluster ({string.Join(", ", ids)})");
    }
}
