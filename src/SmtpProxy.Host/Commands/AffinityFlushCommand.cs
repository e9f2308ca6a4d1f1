using System.CommandLine;
using SmtpProxy.Host.Admin.Documents;

namespace SmtpProxy.Host.Commands;

/// <summary><c>affinity flush</c>: forgets one sender, the senders of a destination, or all.</summary>
internal static class AffinityFlushCommand
{
    public static Command Create()
    {
        var sender = AffinityArguments.Sender();
        sender.Arity = ArgumentArity.ZeroOrOne;
        var destination = new Option<string?>("--destination") { Description = "Forget all senders of this destination.", HelpName = "id" };
        var all = new Option<bool>("--all") { Description = "Forget all senders of the cluster." };
        var options = new AdminOptions();
        var command = new Command("flush", "Forget a sender (exit code 68 without an entry), the senders of a destination, or all.")
        {
            sender,
            destination,
            all,
        };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            var given = (result.GetValue(sender) is null ? 0 : 1) + (result.GetValue(destination) is null ? 0 : 1) + (result.GetValue(all) ? 1 : 0);
            if (given != 1)
            {
                result.AddError("Give exactly one of SENDER, --destination and --all.");
            }
        });
        command.SetAction((result, cancellationToken) => options.RunAsync(
            result,
            async session =>
            {
                var cluster = await session.GetClusterAsync(cancellationToken);
                var removed = result.GetValue(sender) is { } address
                    ? await session.Client.RemoveAsync(cluster, address, cancellationToken)
                    : await session.Client.RemoveAllAsync(cluster, result.GetValue(destination), cancellationToken);
                session.Writer.Write(removed, AdminJson.Default.RemovedDocument, static (document, output) =>
                    output.WriteLine($"{document.Removed} removed"));
                return ExitCode.Ok;
            },
            cancellationToken));
        return command;
    }
}
