using System.Text.Json;
using SmtpProxy.Configuration.Formats;
using SmtpProxy.Host.Admin.Documents;
using SmtpProxy.Model;

namespace SmtpProxy.Host.Admin;

/// <summary>The body of a PUT, read and checked.</summary>
/// <param name="Destination">Identifier of the destination as it is configured.</param>
/// <param name="Ttl">How long the entry shall live; null: as any other of the cluster, renewed by use.</param>
/// <param name="Problem">What is wrong with the body; the other values mean nothing then.</param>
internal readonly record struct AffinityChange(string Destination, TimeSpan? Ttl, IResult? Problem)
{
    private const string Shape = "{\"destination\":\"...\",\"ttl\":\"00:10:00\"}, ttl optional";
    private static readonly TimeSpan MaxTtl = TimeSpan.FromDays(366);

    public static async Task<AffinityChange> ReadAsync(HttpRequest request, ClusterModel cluster, CancellationToken cancellationToken)
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync(request.Body, AdminJson.Default.AffinityChangeDocument, cancellationToken);
            return Check(body, cluster);
        }
        catch (JsonException)
        {
            return Refuse(Admin.Problem.BadRequest($"the body must be {Shape}"));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Refuse(Admin.Problem.TooLarge($"the body must be {Shape}"));
        }
    }

    private static AffinityChange Check(AffinityChangeDocument? body, ClusterModel cluster)
    {
        if (body?.Destination is null)
        {
            return Refuse(Admin.Problem.BadRequest($"'destination' is missing; the body must be {Shape}"));
        }

        if (cluster.Find(body.Destination) is not { } destination)
        {
            return Refuse(AffinityRequest.UnknownDestination(cluster));
        }

        if (body.Ttl is not { } text)
        {
            return new AffinityChange(destination.Id, null, null);
        }

        return DurationParser.TryParse(text, out var ttl) && ttl > TimeSpan.Zero && ttl <= MaxTtl
            ? new AffinityChange(destination.Id, ttl, null)
            : Refuse(Admin.Problem.BadRequest(
                $"'ttl' must be a duration above zero of at most {MaxTtl.Days} days: {DurationParser.Forms}"));
    }

    private static AffinityChange Refuse(IResult problem) => new(string.Empty, default, problem);
}
