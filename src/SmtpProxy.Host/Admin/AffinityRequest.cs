using System.Diagnostics.CodeAnalysis;
using SmtpProxy.Affinity;
using SmtpProxy.Model;

namespace SmtpProxy.Host.Admin;

/// <summary>A request about the entries of one cluster.</summary>
/// <param name="Http">The request itself.</param>
/// <param name="Cluster">The cluster that it names.</param>
/// <param name="Directory">The entries.</param>
/// <param name="Aborted">Cancelled when the caller has gone.</param>
internal sealed record AffinityRequest(HttpRequest Http, ClusterState Cluster, AffinityDirectory Directory, CancellationToken Aborted)
{
    /// <summary>Reads <c>?destination=</c>: null when absent, a problem when there is no such destination.</summary>
    public bool TryGetDestination(out string? destination, [NotNullWhen(false)] out IResult? problem)
    {
        destination = null;
        problem = null;
        if (Http.Query["destination"] is not [{ } name, ..])
        {
            return true;
        }

        destination = Cluster.Model.Find(name)?.Id;
        problem = destination is null ? UnknownDestination(Cluster.Model) : null;
        return problem is null;
    }

    /// <summary>Says which destinations there are.</summary>
    public static IResult UnknownDestination(ClusterModel cluster) =>
        Problem.BadRequest($"no destination of that name; there are: {string.Join(", ", cluster.Destinations.Select(d => d.Id))}");
}
