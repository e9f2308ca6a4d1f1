using System.Net.Security;
using Microsoft.Extensions.Logging;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>Puts a client's connection under TLS: from its first octet on, or when it says STARTTLS (RFC 3207).</summary>
internal sealed partial class TlsUpgrade(
    ClientChannel client, ClientIdentity identity, ListenerConfig listener, SessionServices services, ILogger logger)
{
    /// <summary>TLS before anything is said. Returns why the session must end, or none.</summary>
    public async ValueTask<SessionEnd> OpenAsync() => await services.Certificates.FindAsync(listener.Tls) is { } options
        ? await ShakeHandsAsync(options)
        : SessionEnd.TlsFailed;

    /// <summary>Answers STARTTLS. Octets that came behind it in clear may be another's than the client's: they end the session, none is run.</summary>
    public async ValueTask<SessionEnd> StartAsync()
    {
        if (client.TryRead(out var early))
        {
            var isEarly = !early.Buffer.IsEmpty;
            client.Advance(early, early.Buffer.Slice(early.Buffer.End), needMore: false);
            if (isEarly)
            {
                client.Refuse(SmtpReplies.DataBehindStartTls);
                return SessionEnd.ProtocolError;
            }
        }

        if (await services.Certificates.FindAsync(listener.Tls) is not { } options)
        {
            client.Refuse(SmtpReplies.TlsUnavailable);
            return SessionEnd.None;
        }

        client.Write(SmtpReplies.StartTls);
        return await client.FlushAsync(listener.CommandTimeout) ? await ShakeHandsAsync(options) : SessionEnd.ClientReset;
    }

    private async ValueTask<SessionEnd> ShakeHandsAsync(ServerOptionsSelectionCallback options)
    {
        if (await client.StartTlsAsync(options, services.Handshakes, listener.Tls.HandshakeTimeout) is not { } fault)
        {
            return SessionEnd.None;
        }

        if (fault is TimeoutException)
        {
            services.Limits.Hit(LimitKind.HandshakeTimeout);
        }

        Log.HandshakeFailed(logger, identity.SessionId, identity.RemoteEndPoint, (fault.InnerException ?? fault).Message);
        return SessionEnd.TlsFailed;
    }

    private static partial class Log
    {
        [LoggerMessage(1010, LogLevel.Information, "Session {Session}: no TLS with {Client}: {Reason}", EventName = "HandshakeFailed")]
        public static partial void HandshakeFailed(ILogger logger, string session, System.Net.IPEndPoint client, string reason);
    }
}
