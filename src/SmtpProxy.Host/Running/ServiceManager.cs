using System.Diagnostics;
using Microsoft.Extensions.Hosting.Systemd;

namespace SmtpProxy.Host.Running;

/// <summary>Tells systemd how far the service is (sd_notify); does nothing elsewhere.</summary>
internal sealed class ServiceManager(ISystemdNotifier notifier)
{
    /// <summary>All is bound, or a reload is over.</summary>
    public void NotifyReady() => notifier.Notify(ServiceState.Ready);

    /// <summary>A reload begins.</summary>
    public void NotifyReloading()
    {
        // Type=notify-reload wants the time of CLOCK_MONOTONIC in the same message; that clock is what the stopwatch reads on Linux.
        var microseconds = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
        notifier.Notify(new ServiceState($"RELOADING=1\nMONOTONIC_USEC={microseconds}"));
    }

    /// <summary>The drain begins.</summary>
    public void NotifyStopping() => notifier.Notify(ServiceState.Stopping);
}
