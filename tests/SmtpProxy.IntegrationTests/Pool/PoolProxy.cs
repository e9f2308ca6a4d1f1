using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Processes;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>A proxy that runs as its own process, with its admin API.</summary>
public sealed class PoolProxy : IAsyncDisposable
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(40);

    private readonly ProxySetup _setup;
    private readonly HttpClient _admin;
    private ProxyProcess _process = new();

    private PoolProxy(string name, ProxySetup setup)
    {
        Name = name;
        _setup = setup;
        _admin = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(setup.Admin, $"/api/v1/clusters/{PoolSettings.Cluster}/"),
            Timeout = TimeSpan.FromSeconds(20),
        };
    }

    /// <summary>Tells proxies apart.</summary>
    public string Name { get; }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint EndPoint => _setup.Listeners["mx"];

    /// <summary>Starts a proxy and waits until it is ready.</summary>
    public static async Task<PoolProxy> StartAsync(string name, PoolSettings settings, CancellationToken cancellationToken)
    {
        var proxy = new PoolProxy(name, settings.CreateSetup());
        try
        {
            await proxy._process.StartAsync(proxy._setup, cancellationToken);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it in order, and starts it again with the same configuration.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        _process.Terminate();
        if (!await _process.HasExitedAsync(LongestStop, cancellationToken))
        {
            throw new TimeoutException($"The proxy does not end within {LongestStop.TotalSeconds:0} s of SIGTERM.");
        }

        await _process.DisposeAsync();
        _process = new ProxyProcess();
        await _process.StartAsync(_setup, cancellationToken);
    }

    /// <summary>The entry of a sender as this proxy knows it; null without one.</summary>
    public async Task<PoolEntry?> FindAsync(string sender, CancellationToken cancellationToken)
    {
        using var answer = await _admin.GetAsync(PathOf(sender), cancellationToken);
        return answer.StatusCode == HttpStatusCode.NotFound
            ? null
            : await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<PoolEntry>(cancellationToken);
    }

    /// <summary>The entries of senders, all of which must have one.</summary>
    public async Task<IReadOnlyDictionary<string, PoolEntry>> EntriesAsync(IEnumerable<string> senders, CancellationToken cancellationToken)
    {
        var entries = new Dictionary<string, PoolEntry>();
        foreach (var sender in senders)
        {
            entries[sender] = await FindAsync(sender, cancellationToken) ?? throw new InvalidOperationException($"{Name} has no entry of {sender}.");
        }

        return entries;
    }

    /// <summary>Gives a sender its destination by an operator's order.</summary>
    public async Task PinAsync(string sender, string destination, CancellationToken cancellationToken)
    {
        using var answer = await _admin.PutAsJsonAsync(PathOf(sender), new { destination }, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The value of a metric without labels.</summary>
    public async Task<double> MetricAsync(string name, CancellationToken cancellationToken)
    {
        var text = await _admin.GetStringAsync("/metrics", cancellationToken);
        var line = text.Split('\n').Single(line => line.StartsWith($"{name} ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>The last lines that it wrote, without those of transactions.</summary>
    public string Complaints() =>
        string.Join('\n', _process.Log.Where(line => !line.Contains(" status=relayed ", StringComparison.Ordinal)).TakeLast(60));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _process.DisposeAsync();
    }

    private static string PathOf(string sender) => $"affinity/{Uri.EscapeDataString(sender)}";
}
