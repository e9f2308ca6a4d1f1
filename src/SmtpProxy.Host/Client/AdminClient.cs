using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;
using SmtpProxy.Host.Admin.Documents;

namespace SmtpProxy.Host.Client;

/// <summary>Client of the admin API of a running proxy.</summary>
internal sealed class AdminClient : IDisposable
{
    /// <summary>Where a proxy is asked unless told otherwise.</summary>
    public const string DefaultAddress = "127.0.0.1:8025";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly Uri _root;

    private AdminClient(Uri root, string? token)
    {
        _root = root;
        // The API is on this host or near: a proxy variable of the environment must not lead the token away.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = Timeout };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>A client for <c>host:port</c> or a URL; null when <paramref name="address"/> is neither.</summary>
    public static AdminClient? Create(string address, string? token)
    {
        var text = address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}";
        return Uri.TryCreate(text, UriKind.Absolute, out var root) && root.Scheme is "http" or "https" && root.Host.Length > 0
            ? new AdminClient(root, token)
            : null;
    }

    public Task<AffinityDocument> GetAffinityAsync(string cluster, string sender, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, EntryPath(cluster, sender), null, AdminJson.Default.AffinityDocument, cancellationToken);

    public Task<AffinityDocument> PutAffinityAsync(
        string cluster, string sender, AffinityChangeDocument change, CancellationToken cancellationToken)
    {
        var body = JsonContent.Create(change, AdminJson.Default.AffinityChangeDocument);
        return SendAsync(HttpMethod.Put, EntryPath(cluster, sender), body, AdminJson.Default.AffinityDocument, cancellationToken);
    }

    public Task<RemovedDocument> RemoveAsync(string cluster, string sender, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, EntryPath(cluster, sender), null, AdminJson.Default.RemovedDocument, cancellationToken);

    /// <summary>Removes the entries of a destination, or of the whole cluster when it is null.</summary>
    public Task<RemovedDocument> RemoveAllAsync(string cluster, string? destination, CancellationToken cancellationToken)
    {
        var query = destination is null ? "?all=true" : $"?destination={Uri.EscapeDataString(destination)}";
        return SendAsync(HttpMethod.Delete, ListPath(cluster) + query, null, AdminJson.Default.RemovedDocument, cancellationToken);
    }

    public Task<AffinityListDocument> ListAsync(string cluster, string? destination, int limit, CancellationToken cancellationToken)
    {
        var query = $"?limit={limit}" + (destination is null ? string.Empty : $"&destination={Uri.EscapeDataString(destination)}");
        return SendAsync(HttpMethod.Get, ListPath(cluster) + query, null, AdminJson.Default.AffinityListDocument, cancellationToken);
    }

    public Task<ClusterListDocument> GetClustersAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "/api/v1/clusters", null, AdminJson.Default.ClusterListDocument, cancellationToken);

    public Task<ExplainDocument> ExplainAsync(string sender, string? client, string? recipient, CancellationToken cancellationToken)
    {
        var query = $"?sender={Uri.EscapeDataString(sender)}"
            + (client is null ? string.Empty : $"&client={Uri.EscapeDataString(client)}")
            + (recipient is null ? string.Empty : $"&recipient={Uri.EscapeDataString(recipient)}");
        return SendAsync(HttpMethod.Get, "/api/v1/explain" + query, null, AdminJson.Default.ExplainDocument, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static string ListPath(string cluster) => $"/api/v1/clusters/{Uri.EscapeDataString(cluster)}/affinity";

    private static string EntryPath(string cluster, string sender) => $"{ListPath(cluster)}/{Uri.EscapeDataString(sender)}";

    private async Task<T> SendAsync<T>(
        HttpMethod method, string pathAndQuery, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        // Not canonicalised: an escaped sender such as %2E%2E must arrive as it is.
        var uri = new Uri(_root.GetLeftPart(UriPartial.Authority) + pathAndQuery, new UriCreationOptions
        {
            DangerousDisablePathAndQueryCanonicalization = true,
        });
        using var request = new HttpRequestMessage(method, uri) { Content = body };
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new AdminClientException(response.StatusCode, await ReadProblemAsync(response, cancellationToken));
            }

            return await response.Content.ReadFromJsonAsync(type, cancellationToken)
                ?? throw new AdminClientException(response.StatusCode, "the answer is empty");
        }
        catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException or NotSupportedException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new AdminClientException(null, $"no admin API at {_root.Authority}: {e.Message}");
        }
    }

    private static async Task<string> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json"
            && await response.Content.ReadFromJsonAsync(AdminJson.Default.ProblemDocument, cancellationToken) is { } problem)
        {
            return problem.Errors is { Count: > 0 } errors ? string.Join(Environment.NewLine, errors) : problem.Detail;
        }

        return $"the admin API answered {(int)response.StatusCode} {response.ReasonPhrase}";
    }
}
