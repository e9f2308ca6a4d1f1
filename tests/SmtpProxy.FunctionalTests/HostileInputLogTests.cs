using System.Net;
using System.Text.Json.Nodes;
using SmtpProxy.Fuzz;
using SmtpProxy.Fuzz.Sessions;
using SmtpProxy.Hosting;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using SmtpProxy.TestKit.Wire;
using Xunit;

namespace SmtpProxy.FunctionalTests;

/// <summary>Whatever a client sends, the log gets no entry at error level and no exception.</summary>
public class HostileInputLogTests
{
    private const string StartTls = "EHLO c\r\nSTARTTLS\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly string[] Corpora =
        ["line", "command", "path", "reply", "scanner", "proxy", "xtext", "session", "proxied", "auth", "splice"];

    // The player of sessions checks the log behind each of them.
    [Theory]
    [InlineData("session")]
    [InlineData("proxied")]
    [InlineData("auth")]
    [InlineData("splice")]
    public async Task Session_AnyInputOfAnyCorpus_LogsNoErrorAndNoException(string kind)
    {
        await using var target = await Fuzz.Program.CreateAsync(kind);
        var seed = 0;
        foreach (var input in Corpora.SelectMany(Corpus.Load))
        {
            Assert.Null(await Record.ExceptionAsync(async () => await target.RunAsync(input.Octets, seed++)));
        }
    }

    [Theory]
    [InlineData("StartTls", StartTls)]
    [InlineData("Implicit", "")]
    public async Task Handshake_AnyInputOfAnyCorpus_LogsNoErrorAndNoException(string mode, string before)
    {
        using var authority = new TestAuthority();
        using var log = new ErrorLog();
        await using var server = ScriptedServer.Start("b1");
        var tls = Assert.IsType<JsonObject>(JsonNode.Parse(authority.Listener(mode, "\"HandshakeTimeout\": \"5s\"")));
        await using var proxy = await InProcessProxy.StartAsync(
            new Dictionary<string, IPEndPoint> { ["b1"] = server.EndPoint }, new JsonObject { ["Tls"] = tls }, ProxyExtensions.None, log);

        foreach (var input in Corpora.SelectMany(Corpus.Load))
        {
            await SpeakAsync(proxy.EndPoint, before, input.Octets);
            Assert.Null(log.Take());
        }

        await Poll.UntilAsync(() => proxy.Runtime.Sessions == 0, Patience, "all sessions are over", TestContext.Current.CancellationToken);
        Assert.Null(log.Take());
        Assert.Empty(server.Messages);
    }

    /// <summary>Goes up to the handshake, sends something else in its place, and hears the proxy out.</summary>
    private static async Task SpeakAsync(IPEndPoint proxy, string before, byte[] input)
    {
        var token = TestContext.Current.CancellationToken;
        var wire = await TcpWire.ConnectAsync(proxy, token);
        var buffer = new byte[4096];
        try
        {
            await wire.SendAsync(Octets.OfText(before), token);
            for (var received = ""; before.Length > 0 && !received.Contains("\r\n220 ", StringComparison.Ordinal);)
            {
                received += Octets.TextOf(buffer.AsSpan(0, await wire.ReceiveAsync(buffer, token)));
            }

            await wire.SendAsync(input, token);
            wire.HalfClose();
            while (await wire.ReceiveAsync(buffer, token) > 0)
            {
                // Alerts are of no interest here.
            }
        }
        catch (Exception e) when (TcpWire.IsLoss(e))
        {
            // The proxy has seen enough.
        }
        finally
        {
            wire.Close(CloseHow.Fin);
        }
    }
}
