using Prometheus;

namespace SmtpProxy.Backends;

/// <summary>What is measured of the pools.</summary>
internal sealed class PoolMetrics(IMetricFactory factory)
{
    private readonly Gauge _sessions = factory.CreateGauge(
        "smtpproxy_pool_sessions", "Sessions with a destination by state.", ["destination", "state"]);

    private readonly Gauge _waiting = factory.CreateGauge(
        "smtpproxy_pool_waiting", "Transactions that wait for a free connection to a destination.", ["destination"]);

    private readonly Counter _refused = factory.CreateCounter(
        "smtpproxy_xforward_refused_total", "Messages whose client a destination would not be told of.", ["destination"]);

    private readonly Counter _clear = factory.CreateCounter(
        "smtpproxy_tls_fallbacks_total", "Connections made again in clear, as Opportunistic allows, because the TLS handshake failed.", ["destination"]);

    private readonly Counter _losses = factory.CreateCounter(
        "smtpproxy_pool_warm_losses_total", "Sessions opened before there was mail that a destination closed at once, unused.", ["destination"]);

    public void WentInClear(string destination) => _clear.WithLabels(destination).Inc();

    public ICounter RefusedBy(string destination) => _refused.WithLabels(destination);

    public ICounter LossesOf(string destination) => _losses.WithLabels(destination);

    public PoolGauges For(string destination) => new(
        _sessions.WithLabels(destination, "idle"),
        _sessions.WithLabels(destination, "busy"),
        _sessions.WithLabels(destination, "connecting"),
        _waiting.WithLabels(destination));
}
