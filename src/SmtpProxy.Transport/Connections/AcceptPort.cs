using SmtpProxy.Transport.Loops;
using SmtpProxy.Transport.Native;

namespace SmtpProxy.Transport.Connections;

/// <summary>A listening descriptor as one loop sees it. Each loop takes one connection an event, so that a loop which is busy leaves the next to
/// another.</summary>
internal sealed class AcceptPort : IEpollTarget, IThreadPoolWorkItem, IDisposable
{
    // How long connections are left waiting when there is no descriptor for them.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly EpollListener _listener;
    private readonly EpollLoop _loop;
    private readonly ITimer _resume;
    private ulong _key;
    private bool _isWatching;

    public AcceptPort(EpollListener listener, EpollLoop loop, TimeProvider time)
    {
        _listener = listener;
        _loop = loop;
        _resume = time.CreateTimer(
            static port => ((AcceptPort)port!).PostResume(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins to watch. Called under the listener's lock.</summary>
    public void Watch()
    {
        _key = _loop.Add(_listener.Descriptor, this, EpollEvents.In | EpollEvents.Exclusive);
        _isWatching = true;
    }

    /// <summary>Stops watching for a while. Called under the listener's lock.</summary>
    public void PauseWatching()
    {
        if (_isWatching)
        {
            _isWatching = false;
            _loop.Remove(_key);
            _resume.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void OnReady(EpollEvents events) => _listener.Accept(this, _loop);

    /// <inheritdoc/>
    public void OnLoopEnding() => _listener.Unbind();

    /// <summary>Stops watching; the descriptor is about to be closed. Called under the listener's lock.</summary>
    public void Dispose()
    {
        _resume.Dispose();
        if (_isWatching)
        {
            _isWatching = false;
            _loop.Forget(_key);
        }
    }

    void IThreadPoolWorkItem.Execute() => _listener.Resume(this);

    private void PostResume() => _loop.Post(this);
}
