using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using SmtpProxy.Configuration.Formats;

namespace SmtpProxy.Hosting;

/// <summary>A listener straight over a transport. A session begins where its connection was accepted: Kestrel would take each to another thread.</summary>
internal sealed partial class TransportListenerServer : IListenerServer
{
    // Aborted sessions have that long to notice; what they run for longer is not waited for.
    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly IConnectionListenerFactory _factory;
    private readonly Func<ConnectionContext, Task> _application;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<IConnectionListener> _listeners = [];
    private readonly OpenConnections _connections = new();
    private readonly ListenerLifetime _lifetime = new();

    public TransportListenerServer(
        string name, string address, IConnectionListenerFactory factory, Func<ConnectionContext, Task> application, TimeProvider time,
        ILoggerFactory loggers)
    {
        _name = name;
        Address = address;
        _factory = factory;
        _application = application;
        _time = time;
        _logger = loggers.CreateLogger<TransportListenerServer>();
    }

    /// <inheritdoc/>
    public string Address { get; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var endPoint in EndPoints())
            {
                _listeners.Add(await _factory.BindAsync(endPoint, cancellationToken));
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await UnbindAsync();
            throw new ListenerBindException($"SmtpProxy:Listeners:{_name}:Address", Address, e);
        }

        // Sessions begin here: nothing of the caller's context may stay attached to them.
        using (ExecutionContext.SuppressFlow())
        {
            foreach (var listener in _listeners)
            {
                AcceptInBackground(listener);
            }
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken abort)
    {
        await UnbindAsync();
        _lifetime.RequestClose();
        var drained = _connections.DrainAsync();
        try
        {
            await drained.WaitAsync(abort);
        }
        catch (OperationCanceledException)
        {
            _connections.Abort();
            await drained.WaitAsync(AbortTimeout, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        UnbindInBackground();
        _connections.Abort();
    }

    private IEnumerable<IPEndPoint> EndPoints()
    {
        var address = ListenAddress.TryParse(Address, out var parsed)
            ? parsed : throw new InvalidOperationException($"'{Address}' is not an address to listen on.");
        if (address.IsPair && !address.IsAny)
        {
            yield return new IPEndPoint(IPAddress.Loopback, address.Port);
        }

        // A socket on IPv6Any takes IPv4 connections too.
        if (!address.IsPair || Socket.OSSupportsIPv6)
        {
            yield return new IPEndPoint(address.Address, address.Port);
        }
        else if (address.IsAny)
        {
            yield return new IPEndPoint(IPAddress.Any, address.Port);
        }
    }

    private void AcceptInBackground(IConnectionListener listener)
    {
        async Task AcceptAsync()
        {
            while (await listener.AcceptAsync() is { } connection)
            {
                _connections.Add(connection);
                ServeInBackground(connection);
            }
        }

        _ = AcceptAsync();
    }

    private void ServeInBackground(ConnectionContext connection) => _ = ServeAsync(connection);

    private async Task ServeAsync(ConnectionContext connection)
    {
        try
        {
            connection.Features.Set<IConnectionLifetimeNotificationFeature>(_lifetime);
            await _application(connection);
        }
        catch (Exception e)
        {
            Log.ConnectionFault(_logger, _name, e);
        }

        await connection.DisposeAsync();
        _connections.Remove(connection);
    }

    private void UnbindInBackground() => _ = UnbindAsync();

    private async Task UnbindAsync()
    {
        foreach (var listener in _listeners)
        {
            await listener.UnbindAsync();
            await listener.DisposeAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1803, LogLevel.Error, "A connection of listener {Listener} ended by a fault of the proxy", EventName = "ConnectionFault")]
        public static partial void ConnectionFault(ILogger logger, string listener, Exception exception);
    }
}
