using System.Text.RegularExpressions;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>A positive reply to the end of a message: from here on it is the server's.</summary>
/// <param name="Message">What was sent.</param>
/// <param name="Proxy">The proxy that it was sent through.</param>
/// <param name="Reply">Text of the reply.</param>
public sealed partial record PoolReceipt(PoolMessage Message, string Proxy, string Reply)
{
    /// <summary>Postfix's name for the message, from its reply.</summary>
    public string QueueId => Queued().Match(Reply).Groups[1].Value;

    [GeneratedRegex(@"queued as (\w+)")]
    private static partial Regex Queued();
}
