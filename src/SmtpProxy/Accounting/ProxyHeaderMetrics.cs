using Prometheus;
using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>Counts PROXY headers, and the connections that were closed for want of one.</summary>
internal sealed class ProxyHeaderMetrics(IMetricFactory metrics, LimitMetrics limits)
{
    private readonly Counter _headers = metrics.CreateCounter(
        "smtpproxy_proxy_headers_total", "Connections that had to begin with a PROXY header.", ["listener", "result"]);

    /// <summary>One more connection of <paramref name="listener"/>.</summary>
    public void Count(string listener, ProxyHeaderResult result)
    {
        _headers.WithLabels(listener, EnumLabels<ProxyHeaderResult>.Of(result)).Inc();
        if (result == ProxyHeaderResult.TimedOut)
        {
            limits.Hit(LimitKind.HeaderTimeout);
        }
    }
}
