using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using SmtpProxy.Infrastructure;
using SmtpProxy.TestKit;
using SmtpProxy.Transport;
using Xunit;

namespace SmtpProxy.FunctionalTests.Tls;

/// <summary>All sessions of a loop stand still while something computes on its thread.</summary>
public sealed class HandshakeThreadTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly EpollTransport _transport = new(new EpollTransportOptions { Loops = 1 });
    private readonly TestAuthority _authority = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AcceptAsync_HandshakeStandsStill_TheLoopServesOthers()
    {
        var (certificate, key) = _authority.Write("proxy.example.com");
        var options = new SslServerAuthenticationOptions { ServerCertificateContext = PemCertificate.Load(certificate, key) };
        using var goOn = new ManualResetEventSlim();
        var laneOfHandshake = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listener = await _transport.Listeners.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Token);
        var server = (IPEndPoint)listener.EndPoint;
        await using var client = await TlsClient.ConnectAsync(server, Token);
        await using var accepted = await AcceptAsync(listener);
        var lanes = ServeAsync(accepted, (_, _, _, _) =>
        {
            laneOfHandshake.SetResult(EpollTransport.CurrentLane);
            goOn.Wait(Patience, Token);
            return ValueTask.FromResult(options);
        });

        await client.SendClearAsync("+");
        var shaking = client.ShakeHandsAsync(_authority);
        Assert.Equal(0, await laneOfHandshake.Task.WaitAsync(Patience, Token));
        await using var other = await TlsClient.ConnectAsync(server, Token);
        await using var otherAccepted = await AcceptAsync(listener);
        _ = EchoAsync(otherAccepted.Transport);
        Assert.Equal("200 echo\r\n", await other.CommandAsync("200 echo").WaitAsync(Patience, Token));

        goOn.Set();
        await shaking;
        Assert.Equal("200 echo\r\n", await client.CommandAsync("200 echo"));
        Assert.Equal((1, 1), await lanes.WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task AcceptAsync_NoPlaceLeft_WaitsNoLongerThanItMayAndSilentPeersTakeNone()
    {
        var (certificate, key) = _authority.Write("proxy.example.com");
        var options = new SslServerAuthenticationOptions { ServerCertificateContext = PemCertificate.Load(certificate, key) };
        var waits = 0;
        var gate = new HandshakeGate(1, () => Interlocked.Increment(ref waits));
        using var goOn = new ManualResetEventSlim();
        var isComputing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listener = await _transport.Listeners.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Token);
        await using var silent = await TlsClient.ConnectAsync((IPEndPoint)listener.EndPoint, Token);
        await using var silentAccepted = await AcceptAsync(listener);
        var silence = TlsPipe.AcceptAsync(silentAccepted.Transport, (_, _, _, _) => ValueTask.FromResult(options), gate, Token);
        await using var client = await TlsClient.ConnectAsync((IPEndPoint)listener.EndPoint, Token);
        await using var accepted = await AcceptAsync(listener);
        var computing = TlsPipe.AcceptAsync(
            accepted.Transport,
            (_, _, _, _) =>
            {
                isComputing.SetResult();
                goOn.Wait(Patience, Token);
                return ValueTask.FromResult(options);
            },
            gate,
            Token);
        var shaking = client.ShakeHandsAsync(_authority);
        await isComputing.Task.WaitAsync(Patience, Token);
        var before = Volatile.Read(ref waits);
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50), TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => TlsPipe.AcceptAsync(silentAccepted.Transport, (_, _, _, _) => ValueTask.FromResult(options), gate, impatience.Token));
        Assert.Equal(before + 1, Volatile.Read(ref waits));
        Assert.False(silence.IsCompleted);
        goOn.Set();
        await shaking;
        (await computing.WaitAsync(Patience, Token)).Dispose();
        var late = silent.ShakeHandsAsync(_authority);
        (await silence.WaitAsync(Patience, Token)).Dispose();
        await Record.ExceptionAsync(() => late);
    }

    [Fact]
    public async Task ConnectAsync_Certificate_IsJudgedOffTheLoopAndTheSessionGoesOnOnIt()
    {
        using var certificate = _authority.Issue("server.example.com");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var judging = -1;
        await using var connection = await _transport.Connections.ConnectAsync(listener.LocalEndpoint, Token);
        await using var peer = new SslStream(new NetworkStream(await listener.AcceptSocketAsync(Token), ownsSocket: true));
        var peerShaking = peer.AuthenticateAsServerAsync(certificate);
        using var tls = await TlsPipe.ConnectAsync(
            connection.Transport,
            new SslClientAuthenticationOptions
            {
                TargetHost = "server.example.com",
                RemoteCertificateValidationCallback = (_, _, _, _) =>
                {
                    judging = EpollTransport.CurrentLane;
                    return judging >= 0;
                },
            },
            Token);
        var after = EpollTransport.CurrentLane;
        await peerShaking;

        Assert.Equal((0, 1), (judging, after));
    }

    [Fact]
    public async Task ConnectAsync_HandshakeFails_TheSessionGoesOnOnItsLoop()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var connection = await _transport.Connections.ConnectAsync(listener.LocalEndpoint, Token);
        using var peer = await listener.AcceptSocketAsync(Token);
        await peer.SendAsync("500 no TLS here\r\n"u8.ToArray(), Token);

        await Assert.ThrowsAsync<System.Security.Authentication.AuthenticationException>(
            () => TlsPipe.ConnectAsync(connection.Transport, new SslClientAuthenticationOptions { TargetHost = "server.example.com" }, Token));
        Assert.Equal(1, EpollTransport.CurrentLane);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        await _transport.DisposeAsync();
        _authority.Dispose();
    }

    private static async Task<ConnectionContext> AcceptAsync(IConnectionListener listener) =>
        (await listener.AcceptAsync(Token)) ?? throw new InvalidOperationException("The listener has ended.");

    /// <summary>Reads one octet in clear, on the loop; shakes hands, and echoes.</summary>
    /// <returns>The lanes before and after the handshake.</returns>
    private static async Task<(int Before, int After)> ServeAsync(ConnectionContext connection, ServerOptionsSelectionCallback options)
    {
        var input = connection.Transport.Input;
        var result = await input.ReadAsync(Token);
        input.AdvanceTo(result.Buffer.GetPosition(1));
        var before = EpollTransport.CurrentLane;
        var tls = await TlsPipe.AcceptAsync(connection.Transport, options, new HandshakeGate(1, static () => { }), Token);
        var after = EpollTransport.CurrentLane;
        _ = EchoAsync(tls);
        return (before, after);
    }

    private static async Task EchoAsync(IDuplexPipe pipe)
    {
        while (await ReadAsync(pipe.Input) is { Length: > 0 } text)
        {
            await pipe.Output.WriteAsync(Encoding.ASCII.GetBytes(text), Token);
        }
    }

    private static async Task<string> ReadAsync(PipeReader input)
    {
        var result = await input.ReadAsync(Token);
        var text = Encoding.ASCII.GetString(result.Buffer);
        input.AdvanceTo(result.Buffer.End);
        return text;
    }
}
