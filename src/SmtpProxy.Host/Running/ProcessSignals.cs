using System.Runtime.InteropServices;

namespace SmtpProxy.Host.Running;

/// <summary>Signals of the process: SIGTERM and SIGINT drain, a second one ends at once, SIGHUP reloads.</summary>
internal sealed class ProcessSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public ProcessSignals(Action onHangUp)
    {
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

    /// <summary>Cancelled by the second one.</summary>
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
        (_stop.IsCancellationRequested ? _abort : _stop).Cancel();
    }
}
