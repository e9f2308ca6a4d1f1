using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmtpProxy.Configuration.Formats;

namespace SmtpProxy.Hosting;

/// <summary>A listener over the runtime's sockets: a Kestrel server of its own.</summary>
internal sealed class ListenerServer : IListenerServer
{
    private readonly string _name;
    private readonly ListenAddress _endPoint;
    private readonly KestrelServer _server;

    public ListenerServer(string name, string address, Func<ConnectionContext, Task> application, ILoggerFactory loggers)
    {
        _name = name;
        Address = address;
        _endPoint = ListenAddress.TryParse(address, out var parsed) && parsed is not null
            ? parsed : throw new ArgumentException($"'{address}' is not an address to listen on.", nameof(address));
        var services = new ServiceCollection().AddSingleton(loggers).AddLogging().BuildServiceProvider();
        var options = new KestrelServerOptions { ApplicationServices = services, AddServerHeader = false };
        void Configure(ListenOptions listen) => listen.Run(application);
        if (_endPoint.IsPair && !_endPoint.IsAny)
        {
            options.ListenLocalhost(_endPoint.Port, Configure);
        }
        else
        {
            // A socket on IPv6Any takes IPv4 connections too.
            options.Listen(_endPoint.Address, _endPoint.Port, Configure);
        }

        _server = new KestrelServer(
            Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
    }

    /// <inheritdoc/>
    public string Address { get; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _server.StartAsync(new NoHttpApplication(), cancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new ListenerBindException($"SmtpProxy:Listeners:{_name}:Address", Address, e);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken abort) => _server.StopAsync(abort);

    public void Dispose() => _server.Dispose();
}
