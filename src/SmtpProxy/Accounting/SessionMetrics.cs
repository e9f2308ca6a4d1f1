using System.Collections.Concurrent;
using Prometheus;
using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>Counts client sessions and the octets that they exchange.</summary>
internal sealed class SessionMetrics : ISessionObserver
{
    private readonly Counter _sessions;
    private readonly Counter _logins;
    private readonly Gauge _active;
    private readonly Counter.Child _received;
    private readonly Counter.Child _sent;
    private readonly ConcurrentDictionary<(string Listener, SessionEnd End), Counter.Child> _byEnd = new();
    private readonly ConcurrentDictionary<string, Gauge.Child> _byListener = new(StringComparer.Ordinal);

    public SessionMetrics(IMetricFactory metrics)
    {
        _sessions = metrics.CreateCounter("smtpproxy_sessions_total", "Finished client sessions.", ["listener", "result"]);
        _logins = metrics.CreateCounter("smtpproxy_auth_total", "AUTH commands of clients, by how they ended.", ["listener", "result"]);
        _active = metrics.CreateGauge("smtpproxy_sessions_active", "Client sessions open now.", ["listener"]);
        var bytes = metrics.CreateCounter("smtpproxy_bytes_total", "Octets exchanged with clients, counted when a session ends.", ["direction"]);
        _received = bytes.WithLabels("received");
        _sent = bytes.WithLabels("sent");
    }

    /// <inheritdoc/>
    public void OnOpened(string listener) => Active(listener).Inc();

    /// <inheritdoc/>
    public void OnAuthenticated(string listener, AuthResult result) => _logins.WithLabels(listener, EnumLabels<AuthResult>.Of(result)).Inc();

    /// <inheritdoc/>
    public void OnClosed(string listener, SessionEnd reason, long received, long sent)
    {
        Active(listener).Dec();
        _byEnd.GetOrAdd(
            (listener, reason),
            static (key, counter) => counter.WithLabels(key.Listener, EnumLabels<SessionEnd>.Of(key.End)),
            _sessions).Inc();
        _received.Inc(received);
        _sent.Inc(sent);
    }

    private Gauge.Child Active(string listener) =>
        _byListener.GetOrAdd(listener, static (key, gauge) => gauge.WithLabels(key), _active);
}
