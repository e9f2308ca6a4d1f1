using System.Globalization;
using System.Text.Json.Nodes;
using SmtpProxy.TestKit.Processes;

namespace SmtpProxy.TestKit;

/// <summary>A real etcd of one node on free loopback ports, with its data in a directory of its own. It can be killed, frozen and started
/// again on the same data and port.</summary>
public sealed class EtcdServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _directory = new("smtpproxy-etcd-");
    private readonly int _clientPort = FreePorts.Next();
    private readonly int _hiddenPort = FreePorts.Next();
    private readonly int _peerPort = FreePorts.Next();
    private readonly int _metricsPort = FreePorts.Next();
    private readonly EtcdTls? _tls;
    private ChildProcess? _process;
    private int _port;

    private EtcdServer(EtcdTls? tls) => _tls = tls;

    /// <summary>URL for clients.</summary>
    public string Endpoint => ClientUrlOf(_clientPort);

    /// <summary>What it wrote since it was started last.</summary>
    public IReadOnlyList<string> Lines => _process?.Lines ?? [];

    private string PeerUrl => UrlOf("http", _peerPort);

    private string MetricsUrl => UrlOf("http", _metricsPort);

    private string PresentUrl => ClientUrlOf(_port);

    /// <summary>Starts a node and waits until it serves.</summary>
    public static Task<EtcdServer> StartAsync(CancellationToken cancellationToken) => StartAsync(tls: null, cancellationToken);

    /// <summary>The same with TLS; <see cref="ControlAsync"/> then does not work.</summary>
    public static async Task<EtcdServer> StartAsync(EtcdTls? tls, CancellationToken cancellationToken)
    {
        var server = new EtcdServer(tls);
        try
        {
            await server.RestartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on the data that is there, and waits until it serves.</summary>
    public Task RestartAsync(CancellationToken cancellationToken) => RestartAsync(_clientPort, cancellationToken);

    /// <summary>The same on a port that only <see cref="ControlAsync"/> knows: other clients cannot see what happens until the next restart.</summary>
    public Task RestartHiddenAsync(CancellationToken cancellationToken) => RestartAsync(_hiddenPort, cancellationToken);

    /// <summary>Ends it as a crash would; the data stays.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (_process is { } process)
        {
            process.KillGroup();
            await process.HasExitedAsync(Patience, cancellationToken);
        }
    }

    /// <summary>Ends it in order; the data stays.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            Resume();
            await process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Freezes it: connections stand, nothing is answered.</summary>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        Signal(UnixSignals.Stop);

        // The signal is under way when kill returns: threads that run now may still answer.
        await Poll.UntilAsync(() => _process is null || IsStopped(_process.Id), Patience, "etcd is frozen", cancellationToken);
    }

    /// <summary>Ends a pause.</summary>
    public void Resume() => Signal(UnixSignals.Continue);

    /// <summary>Runs etcdctl against it; throws with its output when it fails.</summary>
    public Task<string> ControlAsync(CancellationToken cancellationToken, params IReadOnlyList<string> arguments) =>
        ChildProcess.RunAsync("env", ["ETCDCTL_API=3", "etcdctl", "--endpoints", PresentUrl, .. arguments], cancellationToken);

    /// <summary>Its counters, in the text form of Prometheus.</summary>
    public async Task<string> MetricsAsync(CancellationToken cancellationToken)
    {
        using var http = NewHttp();
        return await http.GetStringAsync($"{MetricsUrl}/metrics", cancellationToken);
    }

    /// <summary>Refuses all writes, as a full one does, until <c>alarm disarm</c>.</summary>
    public async Task RaiseNoSpaceAsync(CancellationToken cancellationToken)
    {
        using var http = NewHttp();
        using var status = await http.PostAsync($"{PresentUrl}/v3/maintenance/status", new StringContent("{}"), cancellationToken);
        var member = (string?)JsonNode.Parse(await status.Content.ReadAsStringAsync(cancellationToken))!["header"]!["member_id"];
        var alarm = new JsonObject { ["action"] = "ACTIVATE", ["memberID"] = member, ["alarm"] = "NOSPACE" };
        using var answer = await http.PostAsync($"{PresentUrl}/v3/maintenance/alarm", new StringContent(alarm.ToJsonString()), cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }

    private static string UrlOf(string scheme, int port) => string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{port}");

    private string ClientUrlOf(int port) => UrlOf(_tls is null ? "http" : "https", port);

    private async Task RestartAsync(int port, CancellationToken cancellationToken)
    {
        await StopAsync();
        _port = port;
        IReadOnlyList<string> tls = _tls is null
            ? []
            : ["--cert-file", _tls.Certificate, "--key-file", _tls.Key, "--trusted-ca-file", _tls.Authority, "--client-cert-auth"];
        _process = ChildProcess.Start("etcd",
        [
            "--name", "node",
            "--data-dir", _directory.PathOf("data"),
            "--listen-client-urls", PresentUrl,
            "--advertise-client-urls", PresentUrl,
            "--listen-peer-urls", PeerUrl,
            "--initial-advertise-peer-urls", PeerUrl,
            "--initial-cluster", $"node={PeerUrl}",
            "--unsafe-no-fsync",
            "--listen-metrics-urls", MetricsUrl,
            "--log-level", "warn",
            .. tls,
        ]);
        using var http = NewHttp();
        await Poll.UntilAsync(() => IsHealthyAsync(http, cancellationToken), Patience, $"etcd on {PresentUrl} is healthy", cancellationToken);
    }

    private static HttpClient NewHttp() => new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };

    private static bool IsStopped(int processId) =>
        Directory.EnumerateDirectories($"/proc/{processId}/task").All(static thread =>
            File.ReadAllText(Path.Combine(thread, "stat")).Split(") ", 2)[1].StartsWith('T'));

    private void Signal(int signal)
    {
        if (_process is { ExitCode: null } process)
        {
            UnixSignals.Send(process.Id, signal);
        }
    }

    private async ValueTask<bool> IsHealthyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        if (_process is { ExitCode: { } code })
        {
            throw new InvalidOperationException($"etcd ended with {code}: {string.Join('\n', Lines)}");
        }

        try
        {
            return (await http.GetStringAsync($"{MetricsUrl}/health", cancellationToken)).Contains("true", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
