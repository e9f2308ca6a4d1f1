using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.TestKit.Affinity;

namespace SmtpProxy.Tests.Affinity;

/// <summary>A directory over a scripted store and a clock that the test moves.</summary>
internal sealed class DirectoryHarness : IAsyncDisposable
{
    public const string Cluster = "pool";

    private DirectoryHarness(int maxQueuedWrites, int maxEntries)
    {
        Store = new ScriptedAffinityStore(Time);
        var options = new AffinityDirectoryOptions
        {
            Hasher = new PlainSenderKeyHasher(),
            Settings = cluster => cluster == Cluster ? Config : null,
            Registry = Registry,
            MaxQueuedWrites = maxQueuedWrites,
            MaxEntries = maxEntries,
            Jitter = () => 1,
        };
        Directory = new AffinityDirectory(Store, options, Time, NullLogger<AffinityDirectory>.Instance);
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public CollectorRegistry Registry { get; } = Prometheus.Metrics.NewCustomRegistry();

    public SessionAffinityConfig Config { get; set; } = new();

    public ScriptedAffinityStore Store { get; }

    public AffinityDirectory Directory { get; }

    public static async Task<DirectoryHarness> StartAsync(CancellationToken token, int maxQueuedWrites = 1000, int maxEntries = 10_000)
    {
        var harness = new DirectoryHarness(maxQueuedWrites, maxEntries);
        await harness.Directory.StartAsync(token);
        return harness;
    }

    public static SenderKey Sender(string name = "a@example.org") => new(name);

    public static AffinityKey Key(string name = "a@example.org") => new(Cluster, name);

    public AffinityEntry Entry(string destination) =>
        new(destination, AffinityReason.Assigned, Time.GetUtcNow(), Time.GetUtcNow() + Config.Ttl, Generation: 0);

    public ValueTask<AffinityLookup> AssignAsync(string destination, CancellationToken token, string name = "a@example.org") =>
        Directory.AssignAsync(Cluster, Sender(name), destination, Config, token);

    public AffinityEntry? Cached(string name = "a@example.org") => Directory.TryGet(Cluster, Sender(name), out AffinityEntry? entry) ? entry : null;

    /// <summary>Lets time pass until the condition holds; the work between is done by other threads.</summary>
    public Task PassUntilAsync(Func<bool> condition, string what, CancellationToken token) => Eventually.HoldsAsync(
        () =>
        {
            if (condition())
            {
                return true;
            }

            Time.Advance(TimeSpan.FromMilliseconds(200));
            return false;
        },
        what,
        cancellationToken: token);

    public async Task<string> ScrapeAsync(CancellationToken token)
    {
        using var text = new MemoryStream();
        await Registry.CollectAndExportAsTextAsync(text, token);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    public ValueTask DisposeAsync()
    {
        Store.IsAway = false;
        Store.Hangs = false;
        return Directory.DisposeAsync();
    }
}
