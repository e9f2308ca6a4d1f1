using System.Runtime.CompilerServices;
using Etcdserverpb;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Mvccpb;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Etcd;

/// <summary>Entries in etcd, shared by all proxies. A choice is made by a transaction, so that proxies that race agree; one watch tells every
/// proxy of every change.</summary>
/// <remarks>The generation of an entry is the revision of etcd at which its choice was made; renewing the expiry keeps it.</remarks>
public sealed class EtcdAffinityStore : IAffinityStore
{
    private const int PageSize = 1000;
    private const int ParallelRemovals = 16;

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EtcdKeys _keys;
    private readonly EtcdConnection _connection;
    private readonly EtcdEntryWriter _writer;
    private readonly CancellationTokenSource _stop = new();
    private EtcdPrefixWatcher? _watcher;
    private Task _watching = Task.CompletedTask;

    internal EtcdAffinityStore(EtcdConfig config, TimeProvider time, ILogger<EtcdAffinityStore> logger)
    {
        _time = time;
        _logger = logger;
        _keys = new EtcdKeys(config.Prefix);
        _connection = new EtcdConnection(config);
        _writer = new EtcdEntryWriter(_connection, new EtcdLeases(_connection, time));
    }

    /// <inheritdoc/>
    public bool IsUp => _watcher is { IsUp: true };

    /// <inheritdoc/>
    public Task StartAsync(IAffinityStoreWatcher watcher, CancellationToken cancellationToken)
    {
        _watcher = new EtcdPrefixWatcher(_connection, _keys, watcher, _time, _logger);
        _watching = _watcher.RunAsync(_stop.Token);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<AffinityEntry?> GetAsync(AffinityKey key, CancellationToken cancellationToken) =>
        LiveEntryOf(await FindAsync(_keys.Of(key), _connection.NewDeadline(), cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<AffinityEntry> TryAssignAsync(AffinityKey key, AffinityEntry proposed, CancellationToken cancellationToken)
    {
        var deadline = _connection.NewDeadline();
        var place = _keys.Of(key);
        var revision = 0L;
        while (true)
        {
            var outcome = await _writer.PutIfAsync(place, revision, proposed, deadline, cancellationToken);
            if (outcome.IsDone)
            {
                return proposed with { Generation = outcome.Revision };
            }

            if (LiveEntryOf(outcome.Found) is { } current)
            {
                return current;
            }

            // Lapsed but not yet collected, or removed this moment.
            revision = outcome.Found?.ModRevision ?? 0;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<AffinityEntry?> TryMoveAsync(
        AffinityKey key, long expectedGeneration, AffinityEntry replacement, CancellationToken cancellationToken)
    {
        var deadline = _connection.NewDeadline();
        var place = _keys.Of(key);
        var found = await FindAsync(place, deadline, cancellationToken);
        while (LiveEntryOf(found) is { } current)
        {
            if (current.Generation != expectedGeneration)
            {
                return current;
            }

            var outcome = await _writer.PutIfAsync(place, found!.ModRevision, replacement, deadline, cancellationToken);
            if (outcome.IsDone)
            {
                return replacement with { Generation = outcome.Revision };
            }

            // Perhaps only renewed: the generation decides.
            found = outcome.Found;
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask<AffinityEntry> PutAsync(AffinityKey key, AffinityEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var outcome = await _writer.PutAsync(_keys.Of(key), entry, _connection.NewDeadline(), cancellationToken);
        return entry with { Generation = outcome.Revision };
    }

    /// <inheritdoc/>
    public async ValueTask<AffinityEntry?> RenewAsync(
        AffinityKey key, long generation, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var deadline = _connection.NewDeadline();
        var place = _keys.Of(key);
        var found = await FindAsync(place, deadline, cancellationToken);
        while (LiveEntryOf(found) is { } current)
        {
            if (current.Generation != generation || expiresAt <= current.ExpiresAt)
            {
                return current;
            }

            var renewed = current with { ExpiresAt = expiresAt };
            var outcome = await _writer.RenewIfAsync(place, found!.ModRevision, renewed, deadline, cancellationToken);
            if (outcome.IsDone)
            {
                return renewed;
            }

            found = outcome.Found;
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RemoveAsync(AffinityKey key, CancellationToken cancellationToken)
    {
        var request = new DeleteRangeRequest { Key = _keys.Of(key) };
        return (await _connection.DeleteAsync(request, _connection.NewDeadline(), cancellationToken)).Deleted > 0;
    }

    /// <inheritdoc/>
    public async ValueTask<int> RemoveAllAsync(string cluster, string? destination, CancellationToken cancellationToken)
    {
        if (destination is null)
        {
            var folder = _keys.Of(cluster);
            var request = new DeleteRangeRequest { Key = folder, RangeEnd = EtcdKeys.EndOf(folder) };
            return (int)(await _connection.DeleteAsync(request, _connection.NewDeadline(), cancellationToken)).Deleted;
        }

        var removed = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelRemovals, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(PairsOfAsync(cluster, cancellationToken), options, async (pair, token) =>
        {
            if (EtcdValueCodec.Decode(pair) is { } entry && string.Equals(entry.Destination, destination, StringComparison.OrdinalIgnoreCase)
                && await RemoveIfAsync(pair, token))
            {
                Interlocked.Increment(ref removed);
            }
        });
        return removed;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<KeyValuePair<AffinityKey, AffinityEntry>> ListAsync(
        string cluster, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var pair in PairsOfAsync(cluster, cancellationToken))
        {
            if (LiveEntryOf(pair) is { } entry && _keys.TryParse(pair.Key, out var key))
            {
                yield return KeyValuePair.Create(key.Value, entry);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountAsync(string cluster, CancellationToken cancellationToken)
    {
        var folder = _keys.Of(cluster);
        var request = new RangeRequest { Key = folder, RangeEnd = EtcdKeys.EndOf(folder), CountOnly = true };
        return (await _connection.RangeAsync(request, _connection.NewDeadline(), cancellationToken)).Count;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _connection.Dispose();
        _stop.Dispose();
    }

    private AffinityEntry? LiveEntryOf(KeyValue? pair) =>
        pair is not null && EtcdValueCodec.Decode(pair) is { } entry && !entry.IsExpired(_time.GetUtcNow()) ? entry : null;

    private async Task<KeyValue?> FindAsync(ByteString place, DateTime deadline, CancellationToken cancellationToken) =>
        (await _connection.RangeAsync(new RangeRequest { Key = place }, deadline, cancellationToken)).Kvs is [var pair, ..] ? pair : null;

    private async Task<bool> RemoveIfAsync(KeyValue pair, CancellationToken cancellationToken)
    {
        var request = new TxnRequest
        {
            Compare =
            {
                new Compare
                {
                    Key = pair.Key,
                    Target = Compare.Types.CompareTarget.Mod,
                    Result = Compare.Types.CompareResult.Equal,
                    ModRevision = pair.ModRevision,
                },
            },
            Success = { new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = pair.Key } } },
        };
        return (await _connection.TransactAsync(request, _connection.NewDeadline(), cancellationToken)).Succeeded;
    }

    private async IAsyncEnumerable<KeyValue> PairsOfAsync(string cluster, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = _keys.Of(cluster);
        var request = new RangeRequest { Key = folder, RangeEnd = EtcdKeys.EndOf(folder), Limit = PageSize };
        RangeResponse page;
        do
        {
            page = await _connection.RangeAsync(request, _connection.NewDeadline(), cancellationToken);
            foreach (var pair in page.Kvs)
            {
                yield return pair;
                request.Key = EtcdKeys.After(pair.Key);
            }
        }
        while (page.More);
    }
}
