using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace SmtpProxy.Hosting;

/// <summary>What carries connections instead of the runtime's sockets.</summary>
/// <param name="Listeners">Binds the listeners. Completing an output must leave the input open; what waits may go on on the transport's own threads, on
/// which the proxy never blocks.</param>
/// <param name="Connections">Connects to servers, by address.</param>
public sealed record ProxyTransport(IConnectionListenerFactory Listeners, IConnectionFactory Connections)
{
    /// <summary>Which of the transport's threads the caller runs on, 0 for none: a server session is preferably lent on the thread that it was opened on.
    /// Default: always 0.</summary>
    public Func<int> Lane { get; init; } = static () => 0;

    /// <summary>By what work that left the caller's thread comes back to it, when that is one of the transport's threads; else null. Default: always null.</summary>
    public Func<PipeScheduler?> Scheduler { get; init; } = static () => null;
}
