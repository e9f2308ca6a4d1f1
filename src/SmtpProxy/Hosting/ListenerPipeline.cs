using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using SmtpProxy.Accounting;
using SmtpProxy.Configuration;
using SmtpProxy.Configuration.Formats;
using SmtpProxy.Connections;
using SmtpProxy.Routing;
using SmtpProxy.Sessions;

namespace SmtpProxy.Hosting;

/// <summary>The way of a connection: the limit, its PROXY header, its session. Each connection is served under the configuration in force.</summary>
internal sealed class ListenerPipeline
{
    private readonly string _name;
    private readonly SnapshotSource _source;
    private readonly SmtpProxyConnectionHandler _handler;
    private readonly ProxyHeaderMetrics _headers;
    private readonly ConnectionDelegate _identify;
    private volatile Tuple<ProxyProtocolConfig, ProxyProtocolOptions?>? _options;

    public ListenerPipeline(
        string name, SnapshotSource source, SmtpProxyConnectionHandler handler, ProxyHeaderMetrics headers, TimeProvider time, ILoggerFactory loggers)
    {
        _name = name;
        _source = source;
        _handler = handler;
        _headers = headers;
        _identify = new ProxyProtocolMiddleware(
            handler.OnConnectedAsync, Options, time, loggers.CreateLogger<ProxyProtocolMiddleware>()).OnConnectionAsync;
    }

    /// <summary>Serves one connection.</summary>
    public Task OnConnectionAsync(ConnectionContext connection) => _handler.AdmitAsync(connection, _identify);

    private ProxyProtocolOptions? Options()
    {
        if (!_source.Current.Config.Listeners.TryGetValue(_name, out var listener))
        {
            return null;
        }

        if (_options is not { } known || !ReferenceEquals(known.Item1, listener.ProxyProtocol))
        {
            known = Tuple.Create(listener.ProxyProtocol, OptionsOf(listener.ProxyProtocol));
            _options = known;
        }

        return known.Item2;
    }

    private ProxyProtocolOptions? OptionsOf(ProxyProtocolConfig config) => config.Mode == ProxyProtocolMode.Off ? null : new ProxyProtocolOptions
    {
        TrustedNetworks = [.. config.TrustedNetworks.Select(ParseNetwork)],
        HeaderTimeout = config.HeaderTimeout,
        OnResult = (_, result) => _headers.Count(_name, result),
    };

    private static IPNetwork ParseNetwork(string text) =>
        NetworkSyntax.TryParse(text, out var network) ? network : throw new InvalidOperationException($"'{text}' is not a network.");
}
