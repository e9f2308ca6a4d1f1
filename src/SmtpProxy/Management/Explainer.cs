using System.Net;
using SmtpProxy.Affinity;
using SmtpProxy.Model;
using SmtpProxy.Routing;

namespace SmtpProxy.Management;

/// <summary>Answers where a transaction would go with the very parts that decide it, and without leaving a trace.</summary>
internal sealed class Explainer(SnapshotSource source, AffinityDirectory affinity, CandidateSelector candidates)
{
    public ExplainResult Explain(ExplainQuery query)
    {
        var snapshot = source.Current;
        var listener = query.Listener ?? snapshot.Config.Listeners.Keys.Order(StringComparer.Ordinal).FirstOrDefault() ?? "";
        if (snapshot.Routes.Match(Envelope(query, listener)) is not { } match)
        {
            return new ExplainResult(null, null, null, null, null, []);
        }

        var entry = affinity.TryGet(match.Route.Cluster.Id, match.Key, out AffinityEntry? found) ? found : null;
        return new ExplainResult(
            match.Route.Name,
            match.Route.Cluster.Id,
            match.Key.Value,
            entry,
            InOrder(match, entry: null).FirstOrDefault(),
            [.. InOrder(match, entry)]);
    }

    private IEnumerable<string> InOrder(RouteMatch match, AffinityEntry? entry)
    {
        var tried = new List<DestinationState>();
        while (true)
        {
            var request = new CandidateRequest { Match = match, Entry = entry, Size = -1, Tried = tried };
            if (candidates.Select(request, out var next) != CandidateStatus.Found || next is null)
            {
                yield break;
            }

            tried.Add(next);
            yield return next.Id;
        }
    }

    private static Envelope Envelope(ExplainQuery query, string listener)
    {
        var client = new IPEndPoint(query.Client ?? IPAddress.Loopback, 0);
        return new Envelope
        {
            Client = new ClientIdentity("-", listener, client, client),
            Helo = "",
            Login = new ClientLogin("", query.Sender),
            Sender = query.Sender,
            SenderAt = query.Sender.LastIndexOf('@'),
            MailCommand = default,
            BareMailCommand = default,
        };
    }
}
