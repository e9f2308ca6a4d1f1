using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.LoadTests.Scenarios.Beds;

/// <summary>A mail server that takes all mail, counts it and forgets it.</summary>
internal sealed class MailSink : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Socket, Task> _sessions = new();
    private readonly int _number;
    private readonly SinkCounts _counts;
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <param name="number">Which of the servers it is.</param>
    /// <param name="counts">Told of each message.</param>
    public MailSink(int number, SinkCounts counts) => (_number, _counts) = (number, counts);

    /// <summary>Where it listens; the same after a restart.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Opens it.</summary>
    public void Start()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(EndPoint);
        listener.Listen(1024);
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        _listener = listener;
        _accepting = AcceptAsync(listener);
    }

    /// <summary>Closes the listener and every connection at once, as a crash does.</summary>
    public async Task StopAsync()
    {
        _listener?.Dispose();
        await _accepting;
        foreach (var (socket, _) in _sessions)
        {
            socket.Close(0);
        }

        await Task.WhenAll(_sessions.Values);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            socket.NoDelay = true;
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _sessions[socket] = ServeAsync(socket, gate.Task);
            gate.SetResult();
        }
    }

    private async Task ServeAsync(Socket socket, Task isListed)
    {
        await isListed;
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            await new SinkSession(stream, _number, _counts).RunAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The proxy has gone, or the sink is being stopped.
            socket.Dispose();
        }
        finally
        {
            _sessions.TryRemove(socket, out _);
        }
    }
}
