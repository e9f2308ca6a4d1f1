using SmtpProxy.Host.Admin.Documents;
using SmtpProxy.Host.Running;

namespace SmtpProxy.Host.Admin;

/// <summary>Reads the configuration again: <c>/api/v1/reload</c>.</summary>
internal static class ReloadEndpoints
{
    public static void MapReload(this IEndpointRouteBuilder routes, IAdminTarget target) =>
        routes.MapPost("/api/v1/reload", async () =>
        {
            // Not tied to the caller: a reload that has begun is finished.
            var result = await target.ReloadAsync(CancellationToken.None);
            return result.Status switch
            {
                ReloadStatus.Applied =>
                    Results.Json(new ReloadDocument(result.Revision, result.Warnings), AdminJson.Default.ReloadDocument),
                ReloadStatus.NoFile => Problem.Conflict("the proxy was started without a configuration file; there is nothing to reload"),
                _ => Problem.Invalid(result.Errors),
            };
        });
}
