using Etcdserverpb;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Mvccpb;
using SmtpProxy.Affinity;
using SmtpProxy.Model;

namespace SmtpProxy.Etcd;

/// <summary>One watch over all entries: lists them at a revision, follows from the next one, and takes up where it was after any break. Only
/// when etcd has forgotten what lies between does it list again.</summary>
/// <remarks>On the raw stream, because the client library's watches end without a sign on a clean end of stream and are not resumed after a
/// compaction.</remarks>
internal sealed partial class EtcdPrefixWatcher(
    EtcdConnection connection, EtcdKeys keys, IAffinityStoreWatcher watcher, TimeProvider time, ILogger logger)
{
    private const int PageSize = 1000;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    private volatile bool _isUp;
    private long _next;
    private ulong _cluster;

    /// <summary>True while the stream stands.</summary>
    public bool IsUp => _isUp;

    /// <summary>Watches until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await CatchUpAsync(cancellationToken);
                await FollowAsync(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && IsOutage(exception))
            {
                if (_isUp || failures == 0)
                {
                    Log.Broken(logger, exception);
                }
            }
            catch (Exception exception) when (cancellationToken.IsCancellationRequested && IsOutage(exception))
            {
                return;
            }

            failures = _isUp ? 0 : failures + 1;
            _isUp = false;
            var longest = Math.Min(FirstBackoff.TotalSeconds * Math.Pow(2, Math.Min(failures, 16)), LongestBackoff.TotalSeconds);
            await Task.Delay(TimeSpan.FromSeconds(Random.Shared.NextDouble() * longest), time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool IsOutage(Exception exception) =>
        exception is RpcException or AffinityStoreException or TimeoutException or OperationCanceledException or IOException or HttpRequestException
            or ObjectDisposedException or InvalidOperationException;

    // A call of its own before each stream: it renews an expired token, on which a watch would hang for ever, and tells whether this still is
    // the data that was listed.
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (_next > 0)
        {
            var request = new RangeRequest { Key = keys.Root, RangeEnd = EtcdKeys.EndOf(keys.Root), KeysOnly = true, Limit = 1 };
            var header = (await connection.RangeAsync(request, connection.NewDeadline(), cancellationToken)).Header;
            if (header.ClusterId == _cluster && header.Revision >= _next - 1)
            {
                return;
            }

            Log.OtherData(logger);
        }

        await ListAsync(cancellationToken);
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var current = new List<KeyValuePair<AffinityKey, AffinityEntry>>();
        var request = new RangeRequest { Key = keys.Root, RangeEnd = EtcdKeys.EndOf(keys.Root), Limit = PageSize };
        while (true)
        {
            var page = await connection.RangeAsync(request, connection.NewDeadline(), cancellationToken);
            foreach (var pair in page.Kvs)
            {
                if (keys.TryParse(pair.Key, out var key) && Decode(pair) is { } entry)
                {
                    current.Add(KeyValuePair.Create(key.Value, entry));
                }
            }

            if (request.Revision == 0)
            {
                request.Revision = page.Header.Revision;
                _cluster = page.Header.ClusterId;
            }

            if (!page.More || page.Kvs.Count == 0)
            {
                break;
            }

            request.Key = EtcdKeys.After(page.Kvs[^1].Key);
        }

        watcher.OnReset(current);
        _next = request.Revision + 1;
        Log.Listed(logger, current.Count, request.Revision);
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = connection.OpenWatch(stop.Token);
        try
        {
            await call.RequestStream.WriteAsync(CreateRequest(), stop.Token).WaitAsync(Silence, time, cancellationToken);
            while (await NextAsync(call, stop.Token))
            {
                connection.Heard();
                if (!Take(call.ResponseStream.Current))
                {
                    return;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private WatchRequest CreateRequest() => new()
    {
        CreateRequest = new WatchCreateRequest
        {
            Key = keys.Root,
            RangeEnd = EtcdKeys.EndOf(keys.Root),
            StartRevision = _next,
            ProgressNotify = true,
        },
    };

    // A stream that is silent for long is asked for a sign of life before it is given up.
    private async Task<bool> NextAsync(AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call, CancellationToken cancellationToken)
    {
        var next = call.ResponseStream.MoveNext(cancellationToken);
        try
        {
            return await next.WaitAsync(Silence, time, cancellationToken);
        }
        catch (TimeoutException) when (_isUp)
        {
            await call.RequestStream.WriteAsync(new WatchRequest { ProgressRequest = new WatchProgressRequest() }, cancellationToken)
                .WaitAsync(Silence, time, cancellationToken);
            return await next.WaitAsync(Silence / 2, time, cancellationToken);
        }
    }

    // False when the stream serves no longer.
    private bool Take(WatchResponse response)
    {
        if (response.CompactRevision > 0)
        {
            Log.Compacted(logger, _next, response.CompactRevision);
            _next = 0;
            return false;
        }

        if (response.Canceled)
        {
            Log.Cancelled(logger, response.CancelReason);
            return false;
        }

        if (response.Created && !_isUp)
        {
            _isUp = true;
            Log.Follows(logger, _next);
        }

        foreach (var change in response.Events)
        {
            Tell(change);
            _next = change.Kv.ModRevision + 1;
        }

        // Progress that etcd tells by itself is behind all events of this watch. One asked for, whose watch is -1, may run ahead of them
        // (etcd before 3.4.25 and 3.5.8).
        if (response is { Events.Count: 0, Created: false, WatchId: >= 0 } && response.Header.Revision >= _next)
        {
            _next = response.Header.Revision + 1;
        }

        return true;
    }

    private void Tell(Event change)
    {
        if (!keys.TryParse(change.Kv.Key, out var key))
        {
            return;
        }

        if (change.Type == Event.Types.EventType.Put && Decode(change.Kv) is { } entry)
        {
            watcher.OnChanged(key.Value, entry);
        }
        else
        {
            watcher.OnRemoved(key.Value);
        }
    }

    private AffinityEntry? Decode(KeyValue pair)
    {
        var entry = EtcdValueCodec.Decode(pair);
        if (entry is null)
        {
            Log.Unreadable(logger, pair.ModRevision);
        }

        return entry;
    }

    private static partial class Log
    {
        [LoggerMessage(1700, LogLevel.Warning, "The watch of etcd broke; it is taken up again.")]
        public static partial void Broken(ILogger logger, Exception exception);

        [LoggerMessage(1701, LogLevel.Debug, "{Count} affinity entries listed at revision {Revision}.")]
        public static partial void Listed(ILogger logger, int count, long revision);

        [LoggerMessage(1702, LogLevel.Information, "The watch of etcd follows from revision {Revision}.")]
        public static partial void Follows(ILogger logger, long revision);

        [LoggerMessage(1703, LogLevel.Information, "etcd has compacted revision {Wanted} (up to {Compacted}); entries are listed again.")]
        public static partial void Compacted(ILogger logger, long wanted, long compacted);

        [LoggerMessage(1704, LogLevel.Warning, "etcd ended the watch: {Reason}")]
        public static partial void Cancelled(ILogger logger, string reason);

        [LoggerMessage(1705, LogLevel.Warning, "etcd holds other data than before; entries are listed again.")]
        public static partial void OtherData(ILogger logger);

        [LoggerMessage(1706, LogLevel.Warning, "An affinity entry of revision {Revision} in etcd cannot be read.")]
        public static partial void Unreadable(ILogger logger, long revision);
    }
}
