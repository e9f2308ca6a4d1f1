using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Backends;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol.Scripts;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class SmtpScriptRunnerTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task RunAsync_GreetingInPieces_ReadsAllOfIt()
    {
        using var session = await ConnectAsync(async server =>
        {
            foreach (var piece in new[] { "220-b1", ".example.com\r", "\n220 \r\n" })
            {
                await server.SendAsync(piece);
            }

            await server.ReadLineAsync();
            await server.SendAsync("250-b1.example.com\r\n25");
            await server.SendAsync("0-SIZE 1000\r\n250");
            await server.SendAsync(" 8BITMIME\r\n");
            await server.ReadLineAsync();
        });

        var outcome = await SmtpScriptRunner.RunAsync(SmtpScript.Handshake("proxy.example.com"u8), session, Timeout);

        Assert.True(outcome.Succeeded);
        Assert.Equal(1000, outcome.Capabilities!.Value.SizeLimit);
        Assert.Equal(0, session.Outstanding);
    }

    [Theory]
    [InlineData("500 5.5.1 what\r\n")]
    [InlineData("502 5.5.1 unknown\r\n")]
    [InlineData("504 no\r\n")]
    [InlineData("550-no\r\n550 never\r\n")]
    public async Task RunAsync_EhloRefusedForGood_SaysHeloOnTheSameConnection(string refusal)
    {
        ServerConversation? seen = null;
        using var session = await ConnectAsync(async server =>
        {
            seen = server;
            await ServerScripts.Sink((_, verb) => verb == "EHLO" ? refusal : null)(server);
        });

        var outcome = await SmtpScriptRunner.RunAsync(SmtpScript.Handshake("proxy.example.com"u8), session, Timeout);

        Assert.True(outcome.Succeeded);
        Assert.Null(outcome.Capabilities);
        Assert.Equal(["EHLO proxy.example.com", "HELO proxy.example.com"], seen!.Commands);
    }

    [Theory]
    [InlineData("450 4.3.2 later\r\n", 450)]
    [InlineData("421 4.3.2 closing\r\n", 421)]
    public async Task RunAsync_EhloRefusedForNow_FailsWithoutHelo(string refusal, int code)
    {
        ServerConversation? seen = null;
        using var session = await ConnectAsync(async server =>
        {
            seen = server;
            await ServerScripts.Sink((_, verb) => verb == "EHLO" ? refusal : null)(server);
        });

        var outcome = await SmtpScriptRunner.RunAsync(SmtpScript.Handshake("proxy.example.com"u8), session, Timeout);

        Assert.Equal((AttemptResult.Refused, SmtpPhase.Ehlo, code), (outcome.Result, outcome.Phase, outcome.Code));
        Assert.Equal(refusal.TrimEnd(), outcome.Text);
        Assert.Single(seen!.Commands);
    }

    [Fact]
    public async Task RunAsync_HeloRefusedToo_Fails()
    {
        using var session = await ConnectAsync(ServerScripts.Sink((_, _) => "502 5.5.1 unknown\r\n"));

        var outcome = await SmtpScriptRunner.RunAsync(SmtpScript.Handshake("proxy.example.com"u8), session, Timeout);

        Assert.Equal((AttemptResult.Refused, 502), (outcome.Result, outcome.Code));
    }

    [Theory]
    [InlineData("220 one\r\n220 two\r\n")]
    [InlineData("220 one\r\n250 surplus\r\n")]
    public async Task RunAsync_OctetsBeforeTheCommand_IsAProtocolErrorAndSaysNothing(string greeting)
    {
        ServerConversation? seen = null;
        using var session = await ConnectAsync(async server =>
        {
            seen = server;
            await ServerScripts.Says(greeting)(server);
        });

        var outcome = await SmtpScriptRunner.RunAsync(SmtpScript.Handshake("proxy.example.com"u8), session, Timeout);

        Assert.Equal(AttemptResult.ProtocolError, outcome.Result);
        Assert.True(session.IsBroken);
        Assert.Empty(seen!.Commands);
    }

    [Fact]
    public async Task RunAsync_TwoRepliesToEhlo_IsAProtocolError()
    {
        using var session = await ConnectAsync(
            ServerScripts.Sink((_, verb) => verb == "EHLO" ? ServerScripts.Capabilities + ServerScripts.Capabilities : null));

        var outcome = await SmtpScriptRunner.RunAsync(SmtpScript.Handshake("proxy.example.com"u8), session, Timeout);

        Assert.Equal(AttemptResult.ProtocolError, outcome.Result);
    }

    [Theory]
    [InlineData("220-a\r\n250 b\r\n")]
    [InlineData("hello\r\n")]
    [InlineData("22 short\r\n")]
    public async Task RunAsync_MalformedGreeting_IsAProtocolError(string greeting)
    {
        using var session = await ConnectAsync(ServerScripts.Says(greeting));

        var outcome = await SmtpScriptRunner.RunAsync(SmtpScript.Handshake("proxy.example.com"u8), session, Timeout);

        Assert.Equal((AttemptResult.ProtocolError, SmtpPhase.Greeting), (outcome.Result, outcome.Phase));
    }

    [Fact]
    public async Task RunAsync_ClosedInsteadOfAReply_IsALostConnection()
    {
        using var session = await ConnectAsync(async server =>
        {
            await server.SendAsync("220 b1\r\n");
            await server.ReadLineAsync();
            server.Close();
        });

        var outcome = await SmtpScriptRunner.RunAsync(SmtpScript.Handshake("proxy.example.com"u8), session, Timeout);

        Assert.Equal((AttemptResult.ConnectionLost, SmtpPhase.Ehlo), (outcome.Result, outcome.Phase));
    }

    [Fact]
    public async Task RunAsync_RefusedAndClosedAtOnce_ReadsWhy()
    {
        using var session = await ConnectAsync(async server =>
        {
            await server.SendAsync("554 5.7.1 go away\r\n");
            server.Close();
        });

        var outcome = await SmtpScriptRunner.RunAsync(SmtpScript.Handshake("proxy.example.com"u8), session, Timeout);

        Assert.Equal((AttemptResult.Refused, 554, "554 5.7.1 go away"), (outcome.Result, outcome.Code, outcome.Text));
        Assert.Equal((5, 7, 1), ((int)outcome.Enhanced.Class, (int)outcome.Enhanced.Subject, (int)outcome.Enhanced.Detail));
    }

    [Fact]
    public async Task RunAsync_NoReply_TimesOut()
    {
        var time = new FakeTimeProvider();
        using var session = await ConnectAsync(ServerScripts.Says(""), time);

        var running = SmtpScriptRunner.RunAsync(SmtpScript.Handshake("proxy.example.com"u8), session, Timeout).AsTask();
        time.Advance(Timeout - TimeSpan.FromSeconds(1));
        Assert.False(running.IsCompleted);
        var outcome = await Eventually.AdvancedAsync(time, TimeSpan.FromSeconds(2), running);

        Assert.Equal((AttemptResult.TimedOut, SmtpPhase.Greeting), (outcome.Result, outcome.Phase));
    }

    private static async Task<BackendSession> ConnectAsync(Func<ServerConversation, Task> script, TimeProvider? time = null)
    {
        var transport = new InMemoryBackendTransport(script);
        var connection = await transport.ConnectAsync("mta1", 25, Timeout, TestContext.Current.CancellationToken);
        var destination = new DestinationState("pool", "mta1", PoolHarness.Model(new ConnectionConfig(), "mta1", 25));
        return new BackendSession(
            destination, connection.RemoteEndPoint, connection.Transport, connection.Lifetime, time ?? TimeProvider.System);
    }
}
