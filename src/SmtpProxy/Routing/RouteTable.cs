using SmtpProxy.Model;

namespace SmtpProxy.Routing;

/// <summary>All routes of one configuration; immutable, replaced whole on reload. The first route that fits wins, by <c>Order</c> and
/// then by name. Routes that name senders or domains are found by an index, so that thousands of them cost no more than one.</summary>
internal sealed class RouteTable
{
    private readonly RouteModel[] _routes;
    private readonly RouteMatcher[] _matchers;
    private readonly int[] _forAnySender;
    private readonly RouteIndex _byAddress;
    private readonly RouteIndex _byDomain;
    private readonly RouteIndex _byParentDomain;

    public RouteTable(IEnumerable<RouteModel> routes)
    {
        _routes = [.. routes.OrderBy(r => r.Config.Order).ThenBy(r => r.Name, StringComparer.OrdinalIgnoreCase)];
        _matchers = [.. _routes.Select(r => new RouteMatcher(r.Config.Match))];
        _forAnySender = [.. Enumerable.Range(0, _routes.Length).Where(i => _matchers[i].Patterns.IsEmpty)];
        _byAddress = new RouteIndex(_matchers, SenderPatternKind.Address);
        _byDomain = new RouteIndex(_matchers, SenderPatternKind.Domain);
        _byParentDomain = new RouteIndex(_matchers, SenderPatternKind.Subdomains);
    }

    /// <summary>The routes in the order in which they are tried.</summary>
    public IReadOnlyList<RouteModel> Routes => _routes;

    /// <summary>The clusters that a client of <paramref name="listener"/> can be routed to.</summary>
    public IEnumerable<ClusterState> ClustersOf(string listener) =>
        _routes.Where((_, i) => _matchers[i].FitsListener(listener)).Select(static r => r.Cluster).Distinct();

    /// <summary>The route of a transaction and its sender key; null when no route fits.</summary>
    public RouteMatch? Match(Envelope envelope)
    {
        if (Find(envelope) is not { } route)
        {
            return null;
        }

        return new RouteMatch(route, route.Cluster.Model, route.Keys.Create(envelope));
    }

    /// <summary>The route of a client that logs in, before it has named a sender, and the key of its login.</summary>
    public RouteMatch? MatchLogin(Envelope envelope) =>
        Find(envelope) is { } route ? new RouteMatch(route, route.Cluster.Model, route.Keys.CreateForLogin(envelope)) : null;

    private RouteModel? Find(Envelope envelope)
    {
        var best = First(_forAnySender, envelope, _routes.Length);
        best = First(_byAddress.Find(envelope.Sender), envelope, best);
        var domain = envelope.SenderDomain;
        if (!domain.IsEmpty)
        {
            best = First(_byDomain.Find(domain), envelope, best);
            for (var dot = domain.IndexOf('.'); dot >= 0; dot = domain.IndexOf('.'))
            {
                domain = domain[(dot + 1)..];
                best = First(_byParentDomain.Find(domain), envelope, best);
            }
        }

        return best < _routes.Length ? _routes[best] : null;
    }

    private int First(ReadOnlySpan<int> positions, Envelope envelope, int best)
    {
        foreach (var position in positions)
        {
            if (position >= best)
            {
                break;
            }

            if (_matchers[position].Fits(envelope))
            {
                return position;
            }
        }

        return best;
    }
}
