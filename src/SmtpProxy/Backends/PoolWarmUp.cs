using SmtpProxy.Configuration;

namespace SmtpProxy.Backends;

/// <summary>Opens sessions of a pool before there is mail for them, until there are as many as <see cref="ConnectionConfig.MinPoolSize"/> says. One attempt
/// at a time; after one that failed the server is left alone until the pool looks through its sessions again.</summary>
internal sealed class PoolWarmUp(BackendPool pool, BackgroundWork background, TimeProvider time) : IDisposable
{
    // A pool looks every 5 s, but more often while its sessions expire.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _stop = new();
    private volatile string? _hostname;
    private long? _triedAt;
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
            if (_triedAt is { } last && time.GetElapsedTime(last) < Pause)
            {
                return;
            }

            // Away from the caller, who may be starting the proxy.
            await Task.Yield();
            var isGood = true;
            _triedAt = time.GetTimestamp();
            while (isGood && _hostname is not null && pool.TryReserve())
            {
                isGood = await OpenAsync(hostname);
            }

            _triedAt = isGood ? null : _triedAt;
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
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
