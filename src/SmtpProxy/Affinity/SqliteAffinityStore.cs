using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>Entries in a database file of this host: they survive a restart. One worker writes, another reads; neither is a session's
/// thread.</summary>
internal sealed partial class SqliteAffinityStore(SqliteConfig config, int maxEntries, TimeProvider time, ILogger<SqliteAffinityStore> logger)
    : IAffinityStore
{
    private const int PageSize = 500;

    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CollectInterval = TimeSpan.FromMinutes(1);

    private readonly string _path = Path.GetFullPath(config.Path);
    private IAffinityStoreWatcher? _watcher;
    private SqliteWorker? _writer;
    private SqliteWorker? _reader;
    private ITimer? _collect;

    /// <inheritdoc/>
    public bool IsUp => _writer is { IsUp: true };

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private SqliteWorker Writer => _writer ?? throw new AffinityStoreException("The database is not open.");

    private SqliteWorker Reader => _reader ?? throw new AffinityStoreException("The database is not open.");

    /// <inheritdoc/>
    public async Task StartAsync(IAffinityStoreWatcher watcher, CancellationToken cancellationToken)
    {
        _watcher = watcher;
        _writer = new SqliteWorker("affinity writer", OpenPrepared, transactional: true, config.MaxQueuedOperations);
        _reader = new SqliteWorker("affinity reader", () => SqliteSchema.Open(_path, BusyTimeout), transactional: false, config.MaxQueuedOperations);
        try
        {
            await _writer.RunAsync(static _ => true, cancellationToken);
        }
        catch (AffinityStoreException exception)
        {
            var cause = exception.InnerException is SqliteException sqlite ? SqliteSchema.Explain(sqlite) : exception.Message;
            throw new AffinityStoreException($"The affinity database {_path} cannot be used: {cause}.", exception);
        }

        _collect = time.CreateTimer(static state => ((SqliteAffinityStore)state!).CollectInBackground(), this, CollectInterval, CollectInterval);
    }

    /// <inheritdoc/>
    public ValueTask<AffinityEntry?> GetAsync(AffinityKey key, CancellationToken cancellationToken) =>
        Reader.RunAsync(connection => SqliteAffinityRows.Find(connection, key, Now), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AffinityEntry> TryAssignAsync(AffinityKey key, AffinityEntry proposed, CancellationToken cancellationToken) =>
        Writer.RunAsync(
            connection => SqliteAffinityRows.Find(connection, key, Now) ?? SqliteAffinityRows.Write(connection, key, proposed),
            entry => Report(key, entry),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AffinityEntry?> TryMoveAsync(
        AffinityKey key, long expectedGeneration, AffinityEntry replacement, CancellationToken cancellationToken)
    {
        return Writer.RunAsync(Move, entry => Report(key, entry), cancellationToken);

        AffinityEntry? Move(SqliteConnection connection)
        {
            var current = SqliteAffinityRows.Find(connection, key, Now);
            return current?.Generation == expectedGeneration ? SqliteAffinityRows.Write(connection, key, replacement) : current;
        }
    }

    /// <inheritdoc/>
    public ValueTask<AffinityEntry> PutAsync(AffinityKey key, AffinityEntry entry, CancellationToken cancellationToken) =>
        Writer.RunAsync(
            connection => SqliteAffinityRows.Write(connection, key, entry), written => Report(key, written), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AffinityEntry?> RenewAsync(
        AffinityKey key, long generation, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        return Writer.RunAsync(Renew, entry => Report(key, entry), cancellationToken);

        AffinityEntry? Renew(SqliteConnection connection)
        {
            var current = SqliteAffinityRows.Find(connection, key, Now);
            if (current is null || current.Generation != generation || expiresAt <= current.ExpiresAt)
            {
                return current;
            }

            SqliteAffinityRows.Extend(connection, key, expiresAt);
            return current with { ExpiresAt = expiresAt };
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(AffinityKey key, CancellationToken cancellationToken)
    {
        return Writer.RunAsync(Remove, _ => Report(key, entry: null), cancellationToken);

        bool Remove(SqliteConnection connection)
        {
            var found = SqliteAffinityRows.Find(connection, key, Now) is not null;
            SqliteAffinityRows.Remove(connection, key);
            return found;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> RemoveAllAsync(string cluster, string? destination, CancellationToken cancellationToken)
    {
        var removed = await Writer.RunAsync(
            connection => SqliteAffinityRows.RemoveAll(connection, cluster, destination, Now),
            keys => keys.ForEach(key => Report(new AffinityKey(cluster, key), entry: null)),
            cancellationToken);
        return removed.Count;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<KeyValuePair<AffinityKey, AffinityEntry>> ListAsync(
        string cluster, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = "";
        List<KeyValuePair<AffinityKey, AffinityEntry>> page;
        do
        {
            var from = after;
            page = await Reader.RunAsync(connection => SqliteAffinityRows.Page(connection, cluster, from, Now, PageSize), cancellationToken);
            foreach (var pair in page)
            {
                yield return pair;
                after = pair.Key.Key;
            }
        }
        while (page.Count == PageSize);
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(string cluster, CancellationToken cancellationToken) =>
        Reader.RunAsync(connection => SqliteAffinityRows.Count(connection, cluster, Now), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_collect?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_reader?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_writer?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private SqliteConnection OpenPrepared()
    {
        var connection = SqliteSchema.Open(_path, BusyTimeout);
        try
        {
            SqliteSchema.Prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Report(AffinityKey key, AffinityEntry? entry)
    {
        if (entry is not null)
        {
            _watcher?.OnChanged(key, entry);
        }
        else
        {
            _watcher?.OnRemoved(key);
        }
    }

    private void CollectInBackground() => _ = CollectAsync();

    private async Task CollectAsync()
    {
        try
        {
            // In pieces: sessions wait for the same worker.
            int collected;
            do
            {
                collected = await Writer.RunAsync(
                    connection => SqliteAffinityRows.Collect(connection, Now, maxEntries, PageSize), CancellationToken.None);
            }
            while (collected >= PageSize);
        }
        catch (AffinityStoreException exception)
        {
            Log.CollectFailed(logger, _path, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1450, LogLevel.Warning, "Expired entries of the affinity database {Path} could not be removed.")]
        public static partial void CollectFailed(ILogger logger, string path, Exception exception);
    }
}
