namespace SmtpProxy.Configuration;

/// <summary>
/// Reports that the content of a file changed, once for a burst of writes. Events of the file system tell at once; a slow poll is there
/// for file systems without events (network mounts) and for hosts that ran out of watches.
/// </summary>
/// <param name="path">The file; may be a link that is swapped, as in mounted ConfigMaps, and may be away for a moment.</param>
/// <param name="onChanged">Called for each change, one at a time and on a timer's thread; must not throw.</param>
/// <param name="time">The clock.</param>
internal sealed class ConfigWatcher(string path, Action onChanged, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path = Path.GetFullPath(path);
    private FileSystemWatcher? _watcher;
    private ITimer? _debounce;
    private ITimer? _poll;
    private byte[] _seen = [];
    private bool _disposed;

    /// <summary>How long the file must be quiet before it is read.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Time between two looks without an event.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Begins to watch; what the file holds now is no change.</summary>
    public void Start()
    {
        _debounce = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // Watching begins before the first look, so that no change falls between the two.
        _watcher = TryWatch();
        _seen = ReadContent() ?? [];
        _poll = time.CreateTimer(_ => Look(), null, PollInterval, PollInterval);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _watcher?.Dispose();
        _debounce?.Dispose();
        _poll?.Dispose();
    }

    // The directory is watched, not the file: replacing by rename and swapping a link higher up never touch the file itself.
    private FileSystemWatcher? TryWatch()
    {
        try
        {
            var watcher = new FileSystemWatcher(Path.GetDirectoryName(_path)!) { IncludeSubdirectories = false };
            watcher.Changed += OnEvent;
            watcher.Created += OnEvent;
            watcher.Renamed += OnEvent;
            watcher.Deleted += OnEvent;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A neighbour that is written all the time, a log or a database, must not put the look off for ever.
    private void OnEvent(object sender, FileSystemEventArgs e)
    {
        if (Path.GetFileName(e.Name) == Path.GetFileName(_path) || new FileInfo(_path).LinkTarget is not null)
        {
            _debounce?.Change(Quiet, Timeout.InfiniteTimeSpan);
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_disposed || ReadContent() is not { } now || now.AsSpan().SequenceEqual(_seen))
            {
                return;
            }

            _seen = now;
            onChanged();
        }
    }

    // Null while the file is away: a replacement in progress is not a change to nothing. The content and no hash of it: hashing would
    // load OpenSSL, 3 MB in a proxy without TLS.
    private byte[]? ReadContent()
    {
        try
        {
            return File.ReadAllBytes(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
