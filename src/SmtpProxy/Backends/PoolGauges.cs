using Prometheus;

namespace SmtpProxy.Backends;

/// <summary>The gauges of one pool. Moved by differences, so that destinations of the same name in two clusters add up. Guarded by the pool's lock.</summary>
internal sealed class PoolGauges(IGauge idleGauge, IGauge busyGauge, IGauge connectingGauge, IGauge waitingGauge)
{
    private int _idle;
    private int _busy;
    private int _connecting;
    private int _waiting;

    public void Show(int idle, int busy, int connecting, int waiting)
    {
        Move(idleGauge, ref _idle, idle);
        Move(busyGauge, ref _busy, busy);
        Move(connectingGauge, ref _connecting, connecting);
        Move(waitingGauge, ref _waiting, waiting);
    }

    private static void Move(IGauge gauge, ref int shown, int now)
    {
        if (shown != now)
        {
            gauge.Inc(now - shown);
            shown = now;
        }
    }
}
