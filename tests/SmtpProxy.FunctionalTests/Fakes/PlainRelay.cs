using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using SmtpProxy.TestKit;

namespace SmtpProxy.FunctionalTests.Fakes;

/// <summary>Stands in for the product where the player itself is tested: passes every octet on to the first server.</summary>
internal sealed class PlainRelay : IProxyUnderTest
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _tasks = [];
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private IPEndPoint? _server;

    /// <summary>A line for its log.</summary>
    public string Line { get; init; } = "relay ready";

    /// <summary>Does not stop when it is asked to.</summary>
    public bool IsStubborn { get; init; }

    public IReadOnlyList<string> Log => [Line];

    public Task StartAsync(ProxySetup setup, CancellationToken cancellationToken)
    {
        var destinations = JsonNode.Parse(setup.Configuration)!["SmtpProxy"]!["Clusters"]!["pool"]!["Destinations"]!.AsObject();
        _server = IPEndPoint.Parse((string)destinations.First().Value!["Address"]!);
        _listener.Bind(setup.Listeners["mx"]);
        _listener.Listen();
        _tasks.Add(AcceptAsync());
        return Task.CompletedTask;
    }

    public void Terminate()
    {
        if (!IsStubborn)
        {
            _stop.Cancel();
            _listener.Dispose();
        }
    }

    public Task<bool> HasExitedAsync(TimeSpan within, CancellationToken cancellationToken) =>
        Poll.TryUntilAsync(() => _stop.IsCancellationRequested && _tasks.All(task => task.IsCompleted), within, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_tasks);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _tasks.Add(RelayAsync(await _listener.AcceptAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // Stopped.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(_server!, _stop.Token);
                await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
            }
            catch (Exception e) when (IsEnd(e))
            {
                // One side is gone: so is the other when its socket is disposed of.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[65536];
        while (await from.ReceiveAsync(buffer, _stop.Token) is var count and > 0)
        {
            await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private static bool IsEnd(Exception e) => e is SocketException or OperationCanceledException or ObjectDisposedException;
}
