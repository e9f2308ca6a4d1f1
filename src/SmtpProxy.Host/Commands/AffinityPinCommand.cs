using System.CommandLine;
using SmtpProxy.Host.Admin.Documents;

namespace SmtpProxy.Host.Commands;

/// <summary><c>affinity pin</c>: as <c>move</c>, for a time that the operator chooses.</summary>
internal static class AffinityPinCommand
{
    public static Command Create()
    {
        var sender = AffinityArguments.Sender();
        var destination = AffinityArguments.Destination();
        var ttl = new Option<string?>("--ttl")
        {
            Description = "How long, as 00:10:00, 10m or 2h. Default: as long as the cluster keeps entries.",
            HelpName = "duration",
        };
        var options = new AdminOptions();
        var command = new Command("pin", "Pin a sender to a destination for a time.") { sender, destination, ttl };
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => options.RunAsync(
            result,
            session => AffinityMoveCommand.PutAsync(
                session,
                result.GetRequiredValue(sender),
                new AffinityChangeDocument(result.GetRequiredValue(destination), result.GetValue(ttl)),
                cancellationToken),
            cancellationToken));
        return command;
    }
}
