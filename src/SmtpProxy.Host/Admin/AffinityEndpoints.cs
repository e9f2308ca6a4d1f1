using Microsoft.AspNetCore.Http.Features;
using SmtpProxy.Affinity;
using SmtpProxy.Host.Admin.Documents;
using SmtpProxy.Model;

namespace SmtpProxy.Host.Admin;

/// <summary>Entries of senders: <c>/api/v1/clusters/{cluster}/affinity</c>.</summary>
internal static class AffinityEndpoints
{
    private const string ListPath = "/api/v1/clusters/{cluster}/affinity";
    private const string EntryPath = ListPath + "/{sender}";
    private const int DefaultLimit = 1000;
    private const int MaxLimit = 100_000;

    public static void MapAffinity(this IEndpointRouteBuilder routes, IAdminTarget target)
    {
        routes.MapGet(EntryPath, (HttpContext context, string cluster) => OnSenderAsync(context, target, cluster, GetAsync));
        routes.MapPut(EntryPath, (HttpContext context, string cluster) => OnSenderAsync(context, target, cluster, PutAsync));
        routes.MapDelete(EntryPath, (HttpContext context, string cluster) => OnSenderAsync(context, target, cluster, RemoveAsync));
        routes.MapGet(ListPath, (HttpContext context, string cluster) => OnClusterAsync(context, target, cluster, ListAsync));
        routes.MapDelete(ListPath, (HttpContext context, string cluster) => OnClusterAsync(context, target, cluster, RemoveAllAsync));
    }

    private static Task<IResult> OnSenderAsync(
        HttpContext context, IAdminTarget target, string cluster, Func<AffinityRequest, string, SenderKey, Task<IResult>> handle) =>
        OnClusterAsync(context, target, cluster, request =>
        {
            // The value that routing gives has lost what was escaped.
            var raw = PercentText.LastSegment(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
            if (!SenderAddress.TryDecode(raw, out var sender))
            {
                return Task.FromResult(Problem.BadRequest("the sender must be percent-encoded and without control characters"));
            }

            var route = target.Current.Routes.Routes.FirstOrDefault(r => r.Cluster == request.Cluster);
            var key = route?.Keys.Create(SenderAddress.ToEnvelope(sender)) ?? SenderKey.None;
            return key.IsNone
                ? Task.FromResult(Problem.NotFound($"no affinity is kept for this sender in the cluster '{request.Cluster.Id}'"))
                : handle(request, sender, key);
        });

    private static async Task<IResult> OnClusterAsync(
        HttpContext context, IAdminTarget target, string cluster, Func<AffinityRequest, Task<IResult>> handle)
    {
        var clusters = target.Current.Clusters;
        if (!clusters.TryGetValue(cluster, out var state))
        {
            return Problem.NotFound($"no cluster of that name; there are: {string.Join(", ", clusters.Keys.Order(StringComparer.Ordinal))}");
        }

        try
        {
            return await handle(new AffinityRequest(context.Request, state, target.Affinity, context.RequestAborted));
        }
        catch (AffinityStoreException e)
        {
            return Problem.Unavailable($"the affinity store does not answer: {e.Message}");
        }
    }

    private static async Task<IResult> GetAsync(AffinityRequest request, string sender, SenderKey key)
    {
        var found = await request.Directory.GetAsync(request.Cluster.Id, key, request.Aborted);
        return found switch
        {
            { Entry: { } entry } => Answer(sender, entry),
            { Use: AffinityUse.Hash } => Problem.Unavailable("the affinity store does not answer, and this proxy does not know the sender"),
            _ => Problem.NotFound("no entry of this sender"),
        };
    }

    private static async Task<IResult> PutAsync(AffinityRequest request, string sender, SenderKey key)
    {
        var change = await AffinityChange.ReadAsync(request.Http, request.Cluster.Model, request.Aborted);
        if (change.Problem is { } problem)
        {
            return problem;
        }

        var entry = await request.Directory.Operator.PinAsync(request.Cluster.Id, key, change.Destination, change.Ttl, request.Aborted);
        return Answer(sender, entry);
    }

    private static async Task<IResult> RemoveAsync(AffinityRequest request, string sender, SenderKey key) =>
        await request.Directory.Operator.RemoveAsync(request.Cluster.Id, key, request.Aborted)
            ? Removed(1)
            : Problem.NotFound("no entry of this sender");

    private static async Task<IResult> ListAsync(AffinityRequest request)
    {
        if (!request.TryGetDestination(out var destination, out var problem))
        {
            return problem;
        }

        var limit = DefaultLimit;
        if (request.Http.Query["limit"] is [{ } text, ..] && !(int.TryParse(text, out limit) && limit is > 0 and <= MaxLimit))
        {
            return Problem.BadRequest($"limit must be a number from 1 to {MaxLimit}");
        }

        var entries = new List<AffinityDocument>();
        await foreach (var (key, entry) in request.Directory.Operator.ListAsync(request.Cluster.Id, request.Aborted))
        {
            if (destination is not null && !string.Equals(entry.Destination, destination, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (entries.Count == limit)
            {
                return Answer(entries, isTruncated: true);
            }

            entries.Add(AffinityDocuments.Create(key.Key, entry));
        }

        return Answer(entries, isTruncated: false);
    }

    private static async Task<IResult> RemoveAllAsync(AffinityRequest request)
    {
        if (!request.TryGetDestination(out var destination, out var problem))
        {
            return problem;
        }

        var isAll = request.Http.Query["all"] == "true";
        return isAll == (destination is null)
            ? Removed(await request.Directory.Operator.RemoveAllAsync(request.Cluster.Id, destination, request.Aborted))
            : Problem.BadRequest("give either ?destination=... or ?all=true");
    }

    private static IResult Answer(string sender, AffinityEntry entry) =>
        Results.Json(AffinityDocuments.Create(sender, entry), AdminJson.Default.AffinityDocument);

    private static IResult Answer(List<AffinityDocument> entries, bool isTruncated) =>
        Results.Json(new AffinityListDocument(entries, isTruncated), AdminJson.Default.AffinityListDocument);

    private static IResult Removed(int count) => Results.Json(new RemovedDocument(count), AdminJson.Default.RemovedDocument);
}
