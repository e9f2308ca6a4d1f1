using SmtpProxy.Host.Admin.Documents;

namespace SmtpProxy.Host.Admin;

/// <summary>What orchestrators ask: <c>/healthz</c> (the process lives) and <c>/readyz</c> (send clients here).</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes, IAdminTarget target)
    {
        routes.MapGet("/healthz", () => Answer(new HealthDocument("ok"), StatusCodes.Status200OK));
        routes.MapGet("/readyz", () => CheckReady(target));
    }

    private static IResult CheckReady(IAdminTarget target)
    {
        var current = target.Current;
        var empty = current.Clusters.Values.Where(cluster => cluster.Model.Destinations.Count == 0).Select(cluster => cluster.Id).ToList();
        var status = target switch
        {
            { IsDraining: true } => "draining",
            { IsReady: false } => "starting",
            _ when empty.Count > 0 => "no destination",
            _ => "ready",
        };
        var document = new HealthDocument(
            status, current.Revision, target.IsStoreUp ? "up" : "away", empty.Count > 0 ? empty : null);
        return Answer(document, status == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static IResult Answer(HealthDocument document, int status) =>
        Results.Json(document, AdminJson.Default.HealthDocument, statusCode: status);
}
