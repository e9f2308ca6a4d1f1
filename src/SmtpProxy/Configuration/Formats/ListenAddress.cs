using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace SmtpProxy.Configuration.Formats;

/// <summary>An address that connections are accepted on.</summary>
/// <param name="Address">The address; for <c>*</c> and <c>localhost</c> the IPv6 one of the pair.</param>
/// <param name="Port">The port; 0: any free one.</param>
/// <param name="IsPair">The IPv4 address of the same meaning belongs to it.</param>
internal sealed record ListenAddress(IPAddress Address, int Port, bool IsPair)
{
    /// <summary>The forms, for messages.</summary>
    public const string Forms = "127.0.0.1:25, [::1]:25, *:25, localhost:25";

    /// <summary>True for <c>*</c>, <c>0.0.0.0</c> and <c>::</c>.</summary>
    public bool IsAny => Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);

    /// <summary>True when only this host can connect.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>Reads <c>ip:port</c>, <c>[ipv6]:port</c>, <c>*:port</c> or <c>localhost:port</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? result)
    {
        result = null;
        var star = text.StartsWith("*:", StringComparison.Ordinal);
        const int Missing = -1;
        var host = star ? string.Concat("localhost", text.AsSpan(1)) : text;
        if (!HostPort.TryParse(host, Missing, out var parsed) || parsed.Port == Missing)
        {
            return false;
        }

        if (parsed.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            // The two sockets of a pair must share a port, which "any free one" cannot promise.
            var address = star ? IPAddress.IPv6Any : IPAddress.IPv6Loopback;
            result = parsed.Port == 0 ? null : new ListenAddress(address, parsed.Port, IsPair: true);
        }
        else if (parsed.Address is { } single)
        {
            result = new ListenAddress(single, parsed.Port, IsPair: false);
        }

        return result is not null;
    }

    /// <summary>True when both would need the same socket.</summary>
    public bool Overlaps(ListenAddress other) => Port == other.Port && Port != 0 && (SharesFamily(other) && (IsAny || other.IsAny)
        || Covers(other.Address) || other.Covers(Address));

    /// <summary>True when a connection to the address and port arrives here; of this host's addresses only loopback is known.</summary>
    public bool Receives(IPAddress address, int port) => Port == port && (Covers(address)
        || IsAny && IPAddress.IsLoopback(address) && (IsPair || address.AddressFamily == Address.AddressFamily));

    private bool Covers(IPAddress address) => Address.Equals(address)
        || IsPair && (IsAny ? address.Equals(IPAddress.Any) : IPAddress.IsLoopback(address));

    private bool SharesFamily(ListenAddress other) => IsPair || other.IsPair || Address.AddressFamily == other.Address.AddressFamily;
}
