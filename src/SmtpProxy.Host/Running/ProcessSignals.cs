using System.Runtime.InteropServices;

namespace SmtpProxy.Host.Running;

/// <summary>Signals of the process: SIGTERM and SIGINT drain, a second one ends at once, SIGHUP reloads.</summary>
internal sealed class ProcessSignals : IDisposable
{
    // A launcher that passes signals on, in a process group that gets them anyway, delivers one signal twice.
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private long _firstAt;

    public ProcessSignals(Action onHangUp, TimeProvider time)
    {
        _time = time;
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnStop));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnStop));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            onHangUp();
        }));
    }

    /// <summary>Cancelled by the first signal to stop.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled by a second one that is no echo of the first.</summary>
    public CancellationToken Abort => _abort.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
        _abort.Dispose();
    }

    private void OnStop(PosixSignalContext signal)
    {
        // Cancelled: the runtime would end the process otherwise.
        signal.Cancel = true;
        Stopping();
    }

    /// <summary>Takes note of a signal to stop.</summary>
    internal void Stopping()
    {
        if (!_stop.IsCancellationRequested)
        {
            _firstAt = _time.GetTimestamp();
            _stop.Cancel();
        }
        else if (_time.GetElapsedTime(_firstAt) >= Echo)
        {
            _abort.Cancel();
        }
    }
}
