using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>A load test is an attack when it meets somebody else's server: anything but this machine must be named twice.</summary>
public static class TargetGuard
{
    /// <summary>The flag that names the target a second time.</summary>
    public const string Flag = "--i-own-the-target";

    /// <summary>The address of a target, if it may be loaded.</summary>
    /// <param name="target">host:port, 192.0.2.1:25 or [::1]:25.</param>
    /// <param name="owned">What <see cref="Flag"/> says; null: nothing.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async Task<IPEndPoint> ResolveAsync(string target, string? owned, CancellationToken cancellationToken)
    {
        var colon = target.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(target.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            throw new UsageException($"'{target}' is no target: give host:port, as 127.0.0.1:2525.");
        }

        var host = target[..colon].Trim('[', ']');
        var address = await LookUpAsync(host, cancellationToken);
        if (!IPAddress.IsLoopback(address) && !string.Equals(owned, host, StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException(
                $"{host} ({address}) is not this machine. If it is yours and nobody else is hurt, say so: {Flag} {host}");
        }

        return new IPEndPoint(address, port);
    }

    private static async Task<IPAddress> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        }

        try
        {
            var found = await Dns.GetHostAddressesAsync(host, cancellationToken);
            // The one that is used is the one that is looked at.
            return found.FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
        }
        catch (SocketException e)
        {
            throw new UsageException($"{host} is not known: {e.Message}");
        }
    }
}
