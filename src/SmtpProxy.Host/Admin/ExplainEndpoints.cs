using System.Net;
using Microsoft.AspNetCore.Http.Features;
using SmtpProxy.Host.Admin.Documents;
using SmtpProxy.Management;
using SmtpProxy.Model;

namespace SmtpProxy.Host.Admin;

/// <summary>Where a transaction would go: <c>/api/v1/explain?sender=&amp;client=&amp;recipient=</c>.</summary>
internal static class ExplainEndpoints
{
    public static void MapExplain(this IEndpointRouteBuilder routes, IAdminTarget target) =>
        routes.MapGet(
            "/api/v1/explain",
            (HttpContext context, CancellationToken cancellationToken) => ExplainAsync(context, target, cancellationToken));

    private static async Task<IResult> ExplainAsync(HttpContext context, IAdminTarget target, CancellationToken cancellationToken)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (PercentText.FindParameter(raw, "sender") is not { } encoded || !SenderAddress.TryDecode(encoded, out var sender))
        {
            return Problem.BadRequest("?sender= must be given, percent-encoded and without control characters");
        }

        var recipient = default(string);
        if (PercentText.FindParameter(raw, "recipient") is { } encodedRecipient && !SenderAddress.TryDecode(encodedRecipient, out recipient))
        {
            return Problem.BadRequest("?recipient= must be percent-encoded and without control characters");
        }

        var client = default(IPAddress);
        if (context.Request.Query["client"] is [{ Length: > 0 } text, ..] && !IPAddress.TryParse(text, out client))
        {
            return Problem.BadRequest("?client= must be an IP address");
        }

        var result = await ExplainAsync(new ExplainQuery(sender, client, recipient), target, cancellationToken);
        var document = new ExplainDocument(
            sender,
            result.Route,
            result.Cluster,
            result.Key,
            result.Entry is { } entry ? AffinityDocuments.Create(sender, entry) : null,
            result.Hashed,
            result.Candidates);
        return Results.Json(document, AdminJson.Default.ExplainDocument);
    }

    // What is explained is what this proxy has in memory; an entry that only the store knows is fetched first, as for a transaction.
    private static async Task<ExplainResult> ExplainAsync(ExplainQuery query, IAdminTarget target, CancellationToken cancellationToken)
    {
        var result = target.Explain(query);
        if (result is not { Entry: null, Cluster: { } cluster, Key: { } key })
        {
            return result;
        }

        var found = await target.Affinity.GetAsync(cluster, new SenderKey(key), cancellationToken);
        return found.Entry is null ? result : target.Explain(query);
    }
}
