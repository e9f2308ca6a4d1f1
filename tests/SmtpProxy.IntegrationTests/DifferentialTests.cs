using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using SmtpProxy.Hosting;
using SmtpProxy.IntegrationTests.Differential;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Postfix;
using Xunit;

namespace SmtpProxy.IntegrationTests;

/// <summary>A client cannot tell the proxy from the server behind it.</summary>
public sealed partial class DifferentialTests
{
    private const int Sessions = 30;
    private const int FirstSeed = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // The servers refuse some senders and recipients, at once, for good or for now.
    private static readonly PostfixOptions Options = new()
    {
        Settings = new Dictionary<string, string>
        {
            ["smtpd_delay_reject"] = "no",
            ["smtpd_sender_restrictions"] = "check_sender_access " + Refusals("5.7.1", "4.7.1"),
            ["smtpd_recipient_restrictions"] = "check_recipient_access " + Refusals("5.1.1", "4.2.1"),
        },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sessions_DirectAndThroughTheProxy_GetTheSameRepliesAndStoreTheSameMessages()
    {
        await using var direct = await PostfixServer.StartAsync(Options, Cancellation);
        await using var behind = await PostfixServer.StartAsync(Options, Cancellation);
        await using var proxy = await InProcessProxy.StartAsync(
            new Dictionary<string, IPEndPoint> { ["mta"] = behind.EndPoint }, new JsonObject(), ProxyExtensions.None, NullLoggerFactory.Instance);
        await Poll.UntilAsync(
            () => proxy.Runtime.Current.Clusters["pool"].Model.Destinations.All(static destination => destination.Capabilities is not null),
            Patience, "what the server offers", Cancellation);

        var differences = new List<string>();
        var answers = new List<string>();
        for (var seed = FirstSeed; seed < FirstSeed + Sessions; seed++)
        {
            var plan = SessionPlan.Create(seed);
            var expected = await PlannedClient.PlayAsync(direct.EndPoint, plan, Cancellation);
            var actual = await PlannedClient.PlayAsync(proxy.EndPoint, plan, Cancellation);
            differences.AddRange(expected.Zip(actual).Where(static pair => pair.First != pair.Second).Select(pair => $"{seed}: {pair.First} | {pair.Second}"));
            differences.AddRange(expected.Skip(actual.Count).Concat(actual.Skip(expected.Count)).Select(answer => $"{seed}: only one: {answer}"));
            answers.AddRange(expected);
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.Equal(await StoredAsync(direct), await StoredAsync(behind));

        // The plans reach what they are for.
        var codes = answers.Select(static answer => answer.Split(": ")[^1]).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "250 2.1.0", "250 2.1.5", "354", "250 2.0.0", "550 5.7.1", "450 4.7.1", "550 5.1.1", "450 4.2.1", "552 5.3.4", "503 5.5.1", "554 5.5.1",
            },
            codes);
    }

    /// <summary>All copies in the mailbox, in a fixed order, without what names the way that they took.</summary>
    private static async Task<IReadOnlyList<string>> StoredAsync(PostfixServer server)
    {
        await server.WaitForQueueEmptyAsync(Patience, Cancellation);
        var messages = await server.MessagesAsync(Cancellation);
        Assert.True(messages.Count > Sessions, $"only {messages.Count} copies are stored");
        return [.. messages.Select(static message => Received().Replace(message.Text, "")).Order(StringComparer.Ordinal)];
    }

    private static string Refusals(string permanent, string transient) =>
        $"inline:{{ {{ {SessionPlan.Unknown}@ = 550 {permanent} unknown }}, {{ {SessionPlan.Busy}@ = 450 {transient} later }} }}";

    [GeneratedRegex(@"^Received: [^\n]*\n(?:[ \t][^\n]*\n)*", RegexOptions.Multiline)]
    private static partial Regex Received();
}
