using System.Collections.Frozen;

namespace SmtpProxy.Configuration;

/// <summary>Sends the transactions that match to a cluster.</summary>
public sealed record RouteConfig
{
    /// <summary>Routes are tried from the lowest to the highest; equal ones by name. Default 0.</summary>
    public int Order { get; init; }

    /// <summary>What must fit; by default everything does.</summary>
    public RouteMatchConfig Match { get; init; } = new();

    /// <summary>The name of the cluster. Required.</summary>
    public string ClusterId { get; init; } = string.Empty;

    /// <summary>Label and the values of it that a destination may have. Others are never used, also when none is left.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Constraints { get; init; } =
        FrozenDictionary<string, IReadOnlyList<string>>.Empty;
}
