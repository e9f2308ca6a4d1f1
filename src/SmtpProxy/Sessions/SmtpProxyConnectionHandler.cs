using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using SmtpProxy.Connections;
using SmtpProxy.Infrastructure;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Routing;

namespace SmtpProxy.Sessions;

/// <summary>One client connection from accept to account.</summary>
internal sealed partial class SmtpProxyConnectionHandler(
    string listenerName, SnapshotSource source, SessionServices services, SessionRegistry registry, ConnectionLimiter limiter,
    ILogger<SmtpProxyConnectionHandler> logger, CancellationToken stopping) : ConnectionHandler
{
    /// <summary>Lets a connection go on to <paramref name="next"/>, or refuses it when there are too many: before anything is read of it.</summary>
    public async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (!source.Current.Config.Listeners.TryGetValue(listenerName, out var listener))
        {
            return;
        }

        if (TryEnter(listener.Limits.MaxConnections) is var limit and not LimitKind.None)
        {
            using var client = new ClientChannel(connection.Transport, SessionIds.Next(), services.Time);
            services.Sessions.Open(listenerName);
            try
            {
                await RefuseAsync(client, listener, limit);
            }
            finally
            {
                services.Sessions.Close(listenerName, SessionEnd.ConnectionLimit, client.Received, client.Sent);
            }

            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            services.Descriptors.Leave();
            limiter.Leave();
        }
    }

    /// <summary>Serves a connection that was admitted; its end points are the client's.</summary>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var snapshot = source.Current;
        if (!snapshot.Config.Listeners.TryGetValue(listenerName, out var listener) || connection.RemoteEndPoint is not IPEndPoint remote)
        {
            return;
        }

        var identity = new ClientIdentity(SessionIds.Next(), listenerName, remote, connection.LocalEndPoint as IPEndPoint ?? remote);
        using var client = new ClientChannel(connection.Transport, identity.SessionId, services.Time);
        services.Sessions.Open(listenerName);
        var end = SessionEnd.Fault;
        try
        {
            if (!limiter.TryEnterClient(remote.Address, listener.Limits.MaxConnectionsPerClient))
            {
                await RefuseAsync(client, listener, LimitKind.MaxConnectionsPerClient);
                end = SessionEnd.ConnectionLimit;
                return;
            }

            var session = Create(identity, client, listener);
            registry.Add(session, client);
            try
            {
                var lifetime = connection.Features.Get<IConnectionLifetimeNotificationFeature>();
                await using var draining = lifetime?.ConnectionClosedRequested.UnsafeRegister(static state => ((ClientSession)state!).Drain(), session)
                    ?? default;
                end = await session.RunAsync();
            }
            finally
            {
                registry.Remove(session);
                await client.CloseAsync();
                limiter.LeaveClient(remote.Address);
            }
        }
        catch (Exception e)
        {
            // Nothing is known of where the dialogue stands: the client sees a lost connection and tries again.
            Log.SessionFault(logger, identity.SessionId, e);
            connection.Abort();
        }
        finally
        {
            services.Sessions.Close(listenerName, end, client.Received, client.Sent);
        }
    }

    private LimitKind TryEnter(int maxConnections)
    {
        if (!limiter.TryEnter(maxConnections))
        {
            return LimitKind.MaxConnections;
        }

        if (!services.Descriptors.TryEnterClient())
        {
            limiter.Leave();
            return LimitKind.ReservedDescriptors;
        }

        return LimitKind.None;
    }

    private async ValueTask RefuseAsync(ClientChannel client, Configuration.ListenerConfig listener, LimitKind limit)
    {
        services.Limits.Hit(limit);

        // In clear nobody who expects TLS understands it, and a handshake is what an overload cannot afford.
        if (listener.Tls.Mode != Configuration.ListenerTlsMode.Implicit)
        {
            client.Refuse(SmtpReplies.TooManyConnections);
            await client.FlushAsync(listener.CommandTimeout);
        }
    }

    private ClientSession Create(ClientIdentity identity, ClientChannel client, Configuration.ListenerConfig listener)
    {
        var flow = new TransactionFlow(identity, client, listener, source, services, stopping);
        var errors = new ClientErrors(client, listener.Limits.MaxErrors, services.Limits);
        var relay = new AuthRelay(flow.Finder, services, flow, client, stopping);
        var auth = new AuthExchange(client, identity, listener, source, services, relay, errors, logger);
        var greeter = new Greeter(
            client, listener.Hostname, () => OfferedCapabilities.Of(source.Current, listenerName, listener, client.IsTls));
        var reader = new CommandReader(client, listener, flow, auth, greeter, errors, services.Limits);
        var tls = new TlsUpgrade(client, identity, listener, services, logger);
        return new ClientSession(client, listener, reader, flow, auth, tls, services.Limits);
    }

    private static partial class Log
    {
        [LoggerMessage(1000, LogLevel.Error, "Session {Session} ended by a fault of the proxy", EventName = "SessionFault")]
        public static partial void SessionFault(ILogger logger, string session, Exception exception);
    }
}
