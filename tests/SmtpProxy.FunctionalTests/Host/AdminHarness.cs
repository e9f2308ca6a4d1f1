using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Prometheus;
using SmtpProxy.Configuration;
using SmtpProxy.Host.Admin;
using Xunit;

namespace SmtpProxy.FunctionalTests.Host;

/// <summary>The admin API on a free port, over a fake proxy.</summary>
internal sealed class AdminHarness : IAsyncDisposable
{
    private readonly AdminServer _server;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private AdminHarness(FakeAdminTarget target, AdminServer server)
    {
        Target = target;
        _server = server;
    }

    public FakeAdminTarget Target { get; }

    public Uri Address => _server.Address;

    public static async Task<AdminHarness> StartAsync(Func<ProxyConfig, ProxyConfig>? change = null)
    {
        var config = new ProxyConfig
        {
            Listeners = new Dictionary<string, ListenerConfig> { ["mx"] = new() { Address = "127.0.0.1:2525", Hostname = "mx.example.com" } },
            Clusters = new Dictionary<string, ClusterConfig> { ["pool"] = Cluster() },
            AffinityStore = new AffinityStoreConfig { Keys = AffinityKeyMode.Plain },
        };
        var registry = Metrics.NewCustomRegistry();
        var target = new FakeAdminTarget(change?.Invoke(config) ?? config, registry);
        await target.Affinity.StartAsync(TestContext.Current.CancellationToken);
        return new AdminHarness(
            target, await AdminServer.StartAsync("127.0.0.1:0", target, registry, TestContext.Current.CancellationToken));
    }

    public static ClusterConfig Cluster() => new()
    {
        LoadBalancingPolicy = LoadBalancingPolicies.FirstAlphabetical,
        Destinations = new Dictionary<string, DestinationConfig>
        {
            ["mta1"] = new() { Address = "127.0.0.1:2601" },
            ["mta2"] = new() { Address = "127.0.0.1:2602" },
        },
    };

    public Task<(HttpStatusCode Status, JsonNode? Body)> GetAsync(string path) => SendAsync(new HttpMethod("GET"), path);

    public Task<(HttpStatusCode Status, JsonNode? Body)> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body);

    public Task<(HttpStatusCode Status, JsonNode? Body)> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(
        HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var answer = await SendRawAsync(method, path, body, headers);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    public async Task<HttpResponseMessage> SendRawAsync(
        HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        var uri = new Uri(
            _server.Address.GetLeftPart(UriPartial.Authority) + path,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(method, uri);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await Target.DisposeAsync();
    }
}
