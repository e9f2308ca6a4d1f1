using System.Net;
using SmtpProxy.Configuration;
using SmtpProxy.Configuration.Formats;
using SmtpProxy.Model;

namespace SmtpProxy.Routing;

/// <summary>Whether a transaction fits one route: each criterion given must, by any of its entries.</summary>
internal sealed class RouteMatcher(RouteMatchConfig config)
{
    private readonly SenderPattern[] _senders = [.. config.Senders.Select(SenderPattern.OfAddress)];
    private readonly SenderPattern[] _domains = [.. config.SenderDomains.Select(SenderPattern.OfDomain)];
    private readonly IPNetwork[] _networks = [.. config.ClientNetworks.Select(ParseNetwork)];
    private readonly string[] _listeners = [.. config.Listeners];

    /// <summary>The patterns by which an index can find the route; empty when any sender may fit.</summary>
    public ReadOnlySpan<SenderPattern> Patterns => _senders.Length > 0 ? _senders : _domains;

    public bool Fits(Envelope envelope) =>
        FitsAny(_senders, envelope)
        && FitsAny(_domains, envelope)
        && FitsNetwork(envelope.Client.RemoteEndPoint.Address)
        && FitsListener(envelope.Client.Listener);

    /// <summary>True when a client of this listener may be routed here at all.</summary>
    public bool FitsListener(string listener)
    {
        foreach (var name in _listeners)
        {
            if (string.Equals(name, listener, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return _listeners.Length == 0;
    }

    private static bool FitsAny(SenderPattern[] patterns, Envelope envelope)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.Fits(envelope))
            {
                return true;
            }
        }

        return patterns.Length == 0;
    }

    private bool FitsNetwork(IPAddress address)
    {
        if (_networks.Length == 0)
        {
            return true;
        }

        // A dual-mode socket shows IPv4 clients as ::ffff:a.b.c.d.
        var client = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in _networks)
        {
            if (network.Contains(client))
            {
                return true;
            }
        }

        return false;
    }

    private static IPNetwork ParseNetwork(string text) =>
        NetworkSyntax.TryParse(text, out var network)
            ? network
            : throw new InvalidOperationException($"'{text}' is not a network.");
}
