using Microsoft.Extensions.Logging;
using Prometheus;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Backends;

/// <summary>Says once when a server does not take XFORWARD, and counts how often. Mail goes on: only the server's log lacks the client.</summary>
internal sealed partial class IdentityWatch(DestinationState destination, ICounter refusals, ILogger logger)
{
    private int _isMissing;
    private int _isRefused;

    /// <summary>A session was opened.</summary>
    public void Opened(BackendSession session)
    {
        var isMissing = destination.Model.Connection.Identity == IdentityMode.XForward && session.Capabilities.XForward == ClientAttributes.None;
        if (Interlocked.Exchange(ref _isMissing, isMissing ? 1 : 0) == 0 && isMissing)
        {
            Log.NotOffered(logger, destination.ClusterId, destination.Id);
        }
    }

    /// <summary>A session was given back.</summary>
    public void Returned(BackendSession session)
    {
        if (session.RefusedAside is not { } code)
        {
            return;
        }

        session.RefusedAside = null;
        refusals.Inc();
        if (Interlocked.Exchange(ref _isRefused, 1) == 0)
        {
            Log.Refused(logger, destination.ClusterId, destination.Id, code);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1322, LogLevel.Warning, "{Cluster}/{Destination} does not offer XFORWARD: its log shows the proxy instead of the clients")]
        public static partial void NotOffered(ILogger logger, string cluster, string destination);

        [LoggerMessage(1323, LogLevel.Warning, "{Cluster}/{Destination} refuses XFORWARD ({Code}): its log shows the proxy instead of some clients")]
        public static partial void Refused(ILogger logger, string cluster, string destination, int code);
    }
}
