using System.CommandLine;
using SmtpProxy.Host.Admin.Documents;

namespace SmtpProxy.Host.Commands;

/// <summary><c>affinity move</c>: the next mail of a sender goes to the destination named, for as long as the cluster keeps entries.</summary>
internal static class AffinityMoveCommand
{
    public static Command Create()
    {
        var sender = AffinityArguments.Sender();
        var destination = AffinityArguments.Destination();
        var options = new AdminOptions();
        var command = new Command("move", "Move a sender to a destination.") { sender, destination };
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => options.RunAsync(
            result,
            session => PutAsync(
                session,
                result.GetRequiredValue(sender),
                new AffinityChangeDocument(result.GetRequiredValue(destination)),
                cancellationToken),
            cancellationToken));
        return command;
    }

    /// <summary>Writes an entry and shows it.</summary>
    internal static async Task<int> PutAsync(
        AdminSession session, string sender, AffinityChangeDocument change, CancellationToken cancellationToken)
    {
        var cluster = await session.GetClusterAsync(cancellationToken);
        var entry = await session.Client.PutAffinityAsync(cluster, sender, change, cancellationToken);
        session.Writer.Write(entry, AdminJson.Default.AffinityDocument, static (document, output) =>
            output.WriteLine($"{document.Sender} goes to {document.Destination} until {document.ExpiresAt:u}"));
        return ExitCode.Ok;
    }
}
