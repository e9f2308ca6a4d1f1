using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using SmtpProxy.Backends;

namespace SmtpProxy.Tests.Backends;

/// <summary>Connects to scripts instead of servers. A connection counts as open until the proxy closes it.</summary>
internal sealed class InMemoryBackendTransport(Func<ServerConversation, Task> script) : IBackendTransport
{
    private int _attempts;

    public ServerLog Server { get; } = new();

    /// <summary>Set: connects fail with this.</summary>
    public SocketError? Fault { get; set; }

    /// <summary>Set: connects wait for this.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Connects that were begun, also those that fail.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Hosts that were connected to.</summary>
    public List<string> Hosts { get; } = [];

    public async ValueTask<BackendConnection> ConnectAsync(string host, int port, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _attempts);
        await Gate.WaitAsync(cancellationToken);
        if (Fault is { } fault)
        {
            throw new SocketException((int)fault);
        }

        var (toServer, toProxy) = (new Pipe(), new Pipe());
        var conversation = Server.Add(number =>
        {
            Hosts.Add(host);
            return new(number, toServer.Reader.AsStream(), toProxy.Writer.AsStream(), () => toProxy.Writer.Complete(), () => toProxy.Writer.Complete());
        });
        _ = RunAsync(conversation);
        return new(new Duplex(toProxy.Reader, toServer.Writer), new DnsEndPoint(host, port), new Lifetime(toServer, toProxy, Server));
    }

    private async Task RunAsync(ServerConversation conversation)
    {
        try
        {
            await Task.Yield();
            await script(conversation);
        }
        catch (InvalidOperationException)
        {
            // The proxy closed while the script was talking.
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Lifetime(Pipe toServer, Pipe toProxy, ServerLog server) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                server.Ended();
                toServer.Writer.Complete();
                toProxy.Writer.Complete();
            }
        }
    }
}
