using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Benchmarks;

/// <summary>Looking a sender up among 100,000 that are known, as each transaction does.</summary>
[MemoryDiagnoser]
public class AffinityBenchmarks : IAsyncDisposable
{
    private const int Senders = 100_000;
    private const string Cluster = "pool";

    private static readonly SessionAffinityConfig Settings = new();

    private readonly SenderKey[] _keys = [.. Enumerable.Range(0, Senders).Select(static number => new SenderKey($"sender{number}@example.com"))];
    private AffinityDirectory? _directory;
    private int _next;

    /// <summary>True for keys that are hashed, as by default; false for plain ones.</summary>
    [Params(true, false)]
    public bool IsHashed { get; set; }

    /// <summary>Gives each sender a server.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        var options = new AffinityDirectoryOptions
        {
            Hasher = IsHashed ? new HashedSenderKeyHasher(secret: null) : new PlainSenderKeyHasher(),
            Settings = static _ => Settings,
            Registry = Metrics.NewCustomRegistry(),
        };
        var store = new MemoryAffinityStore(Senders * 2, TimeProvider.System);
        _directory = new AffinityDirectory(store, options, TimeProvider.System, NullLogger<AffinityDirectory>.Instance);
        await _directory.StartAsync(CancellationToken.None);
        foreach (var key in _keys)
        {
            await _directory.AssignAsync(Cluster, key, "mta1", Settings, CancellationToken.None);
        }
    }

    /// <summary>Stops it.</summary>
    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _directory!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A sender that is known.</summary>
    [Benchmark]
    public bool TryGet()
    {
        // A large step, so that the next one is not in the processor's cache already.
        _next = (_next + 7919) % Senders;
        return _directory!.TryGet(Cluster, _keys[_next], out AffinityEntry? _);
    }
}
