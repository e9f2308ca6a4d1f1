using System.Collections.Concurrent;
using System.Net;
using SmtpServer;
using SmtpServer.Net;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace SmtpProxy.Host.Demo;

/// <summary>A mail server in this process that keeps nothing but message ids.</summary>
internal sealed class DemoSink : IAsyncDisposable
{
    private static readonly TimeSpan LastReplies = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Guid, ISessionContext> _sessions = [];
    private readonly SinkStore _store;
    private readonly Task _serving;
    private bool _isStopped;

    private DemoSink(string name, DemoBoard board)
    {
        Name = name;
        _store = new SinkStore(name, board);
        var listeners = new EndpointListenerFactory();
        var started = new TaskCompletionSource<IPEndPoint>(TaskCreationOptions.RunContinuationsAsynchronously);
        listeners.EndpointStarted += (_, e) => started.TrySetResult((IPEndPoint)e.LocalEndPoint);
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add((IMessageStore)_store);
        services.Add((IEndpointListenerFactory)listeners);
        var options = new SmtpServerOptionsBuilder()
            .ServerName($"{name}.demo.invalid")
            .Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, 0)))
            .Build();
        var server = new SmtpServer.SmtpServer(options, services);
        server.SessionCreated += OnSessionCreated;
        server.SessionCompleted += OnSessionEnded;
        server.SessionFaulted += OnSessionEnded;
        server.SessionCancelled += OnSessionEnded;
        _serving = server.StartAsync(_stop.Token);
        Started = started.Task;
    }

    /// <summary>Name of the sink: the identifier of the destination.</summary>
    public string Name { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    private Task<IPEndPoint> Started { get; }

    /// <summary>Opens a sink on a free port.</summary>
    public static async Task<DemoSink> StartAsync(string name, DemoBoard board, CancellationToken cancellationToken)
    {
        var sink = new DemoSink(name, board);
        sink.EndPoint = await sink.Started.WaitAsync(cancellationToken);
        return sink;
    }

    /// <summary>Ids of the messages taken and the number of copies of each.</summary>
    public IReadOnlyDictionary<string, int> TakeStock() => _store.TakeStock();

    /// <summary>Closes the listener and all connections, in the midst of whatever they do.</summary>
    public async Task StopAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        try
        {
            await _store.CloseAsync().WaitAsync(LastReplies, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            // A client that does not read its reply cannot keep the sink open.
        }

        // Closed before the server is told to end: it would answer a message that is under way with a 554, as no server that dies can.
        foreach (var session in _sessions.Values)
        {
            session.Pipe?.Dispose();
        }

        await _stop.CancelAsync();
        try
        {
            await _serving;
        }
        catch (OperationCanceledException)
        {
            // This is how the server ends.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private void OnSessionCreated(object? sender, SessionEventArgs e)
    {
        _sessions[e.Context.SessionId] = e.Context;
        e.Context.CommandExecuted += OnCommandExecuted;
    }

    private void OnSessionEnded(object? sender, SessionEventArgs e)
    {
        _sessions.TryRemove(e.Context.SessionId, out _);
        _store.OnAnswered(e.Context.SessionId);
    }

    private void OnCommandExecuted(object? sender, SmtpCommandEventArgs e)
    {
        if (e.Command is DataCommand)
        {
            _store.OnAnswered(e.Context.SessionId);
        }
    }
}
