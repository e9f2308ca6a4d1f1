using Prometheus;
using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Backends;

/// <summary>Opens sessions of a pool before there is mail for them, until there are as many as <see cref="ConnectionConfig.MinPoolSize"/> says. One attempt
/// at a time; after one that failed the server is left alone until the pool looks through its sessions again. A server that takes sessions and closes them
/// before they were of use gets a single one, after pauses that double, until one of them stays.</summary>
internal sealed class PoolWarmUp(BackendPool pool, BackgroundWork background, ICounter losses, TimeProvider time) : IDisposable
{
    // A pool looks every 5 s, but more often while its sessions expire.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    // No option: it bounds what a server in trouble is asked for, and how long its pool stays cold once it is well; mail opens sessions all the while.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // An end is noticed up to one look late.
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private volatile string? _hostname;
    private long _triedAt;
    private TimeSpan _pause;
    private bool _isTrial;
    private bool _hasOpened;
    private int _hasLost;
    private int _isRunning;

    /// <summary>How many sessions there should be at least. None that are bound to a client: nobody knows which client will come.</summary>
    public static int Wanted(ConnectionConfig settings) => settings.Identity is IdentityMode.None or IdentityMode.XForward
        ? Math.Min(settings.MinPoolSize, Math.Min(settings.PoolSize, settings.MaxConnections)) : 0;

    /// <summary>From now on sessions are opened under this name; null: none any more.</summary>
    public void Use(string? hostname)
    {
        _hostname = hostname;
        if (hostname is null && !_stop.IsCancellationRequested)
        {
            _stop.Cancel();
        }
    }

    /// <summary>A session is closed: there may be one too few now. One that the server has ended when it was young and had served nobody counts against
    /// the server.</summary>
    public void Closed(BackendSession session, bool isLost)
    {
        if (isLost && session is { Transactions: 0, IsReused: false } && time.GetElapsedTime(session.CreatedAt) < ShortLife)
        {
            losses.Inc();

            // Several that were opened together are one loss, also when the next one is opened before all of them are noticed.
            if (session.CreatedAt >= Volatile.Read(ref _triedAt))
            {
                Volatile.Write(ref _hasLost, 1);
            }
        }

        Begin();
    }

    /// <summary>Opens what is missing.</summary>
    public void Begin()
    {
        if (_hostname is { } hostname && Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            background.Add(OpenInBackgroundAsync(hostname));
        }
    }

    public void Dispose() => _stop.Dispose();

    private async Task OpenInBackgroundAsync(string hostname)
    {
        try
        {
            if (!IsDue())
            {
                return;
            }

            // Away from the caller, who may be starting the proxy.
            await Task.Yield();
            for (var isFirst = true; _hostname is not null && pool.TryReserve(); isFirst = false)
            {
                if (isFirst)
                {
                    BeginRound();
                }

                _hasOpened = await OpenAsync(hostname);
                if (!_hasOpened || _isTrial)
                {
                    _pause = _isTrial ? _pause : Pause;
                    break;
                }
            }
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private void BeginRound()
    {
        Volatile.Write(ref _triedAt, time.GetTimestamp());
        Volatile.Write(ref _hasLost, 0);
    }

    private bool IsDue()
    {
        var since = time.GetElapsedTime(_triedAt);
        if (Interlocked.Exchange(ref _hasLost, 0) == 1)
        {
            var doubled = 2 * _pause;
            _pause = !_isTrial ? Pause : doubled < LongestPause ? doubled : LongestPause;
            (_isTrial, _hasOpened) = (true, false);
        }
        else if (_isTrial && _hasOpened && since >= ShortLife)
        {
            (_isTrial, _pause) = (false, TimeSpan.Zero);
        }

        if (since < _pause || (_isTrial && _hasOpened))
        {
            return false;
        }

        _pause = _isTrial ? _pause : TimeSpan.Zero;
        return true;
    }

    private async ValueTask<bool> OpenAsync(string hostname)
    {
        var lease = await pool.ConnectAsync(new SessionRequest(hostname, this), _stop.Token);
        if (lease.Session is not { } session)
        {
            return false;
        }

        pool.Return(session, owner: this);
        pool.ReleaseOwner(this);
        return !session.IsBroken;
    }
}
