using System.Text.RegularExpressions;
using SmtpProxy.TestKit.Postfix;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>A message in a mailbox of the pool.</summary>
/// <param name="Destination">The server whose mailbox it is.</param>
/// <param name="MessageId">Its Message-ID, with the angle brackets.</param>
/// <param name="Sender">The envelope sender.</param>
/// <param name="QueueId">What that server named it when it took it.</param>
public sealed partial record PoolDelivery(string Destination, string MessageId, string Sender, string QueueId)
{
    public static PoolDelivery Of(string destination, DeliveredMessage message) =>
        new(destination, message.MessageId, message.Sender, LastHop().Match(message.Text).Groups[1].Value);

    // Each server puts its line before those of the servers that had the message earlier.
    [GeneratedRegex(@"^Received: [^:]*?\(Postfix\) with E?SMTP id (\w+)", RegexOptions.Multiline)]
    private static partial Regex LastHop();
}
