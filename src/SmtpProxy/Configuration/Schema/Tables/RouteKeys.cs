using SmtpProxy.Configuration.Schema.Kinds;

namespace SmtpProxy.Configuration.Schema.Tables;

/// <summary>Keys of <c>SmtpProxy:Routes</c>.</summary>
internal static class RouteKeys
{
    /// <summary>Keys of <see cref="RouteMatchConfig"/>.</summary>
    public static ConfigSchema<RouteMatchConfig> RouteMatch { get; } = new ConfigSchema<RouteMatchConfig>()
        .Value(x => x.SenderDomains, Kind.List(Kind.DomainPattern),
            "Domains of the sender: `example.de`, or `*.example.de` for all below it.")
        .Value(x => x.Senders, Kind.List(Kind.Sender), "Addresses of the sender; `<>` is the null sender.")
        .Value(x => x.ClientNetworks, Kind.List(Kind.Network), "Networks of the client: `10.0.0.0/8`, or a single address.")
        .Value(x => x.Listeners, Kind.List(Kind.Reference), "Names of the listeners the client came in by.");

    /// <summary>Keys of <see cref="RouteConfig"/>.</summary>
    public static ConfigSchema<RouteConfig> Route { get; } = new ConfigSchema<RouteConfig>()
        .Value(x => x.Order, Kind.Number(-1_000_000, 1_000_000), "Routes are tried from the lowest to the highest; equal ones by name.")
        .Section(x => x.Match, RouteMatch)
        .Required(x => x.ClusterId, Kind.Reference, "The name of the cluster.")
        .Value(x => x.Constraints, Kind.Table<IReadOnlyList<string>>(Kind.List(Kind.Text)),
            "Label and the values of it that a destination may have. Others are never used, also when none is left.");
}
