using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using SmtpProxy.Infrastructure;
using SmtpProxy.Model;
using SmtpProxy.Protocol.ProxyProtocol;

namespace SmtpProxy.Connections;

/// <summary>
/// Reads the PROXY header before anything else looks at the connection, and gives the connection the addresses that it names. Without a
/// header that counts the connection is closed, and nothing is said.
/// </summary>
/// <param name="next">What serves the connection.</param>
/// <param name="options">Asked for each connection; null: no header is expected of it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where refused connections are noted.</param>
internal sealed partial class ProxyProtocolMiddleware(
    ConnectionDelegate next, Func<ProxyProtocolOptions?> options, TimeProvider time, ILogger<ProxyProtocolMiddleware> logger)
{
    private const int LinesPerPeriod = 20;

    private readonly LogBudget _lines = new(LinesPerPeriod, TimeSpan.FromSeconds(10), time);

    /// <summary>Serves one connection.</summary>
    public Task OnConnectionAsync(ConnectionContext connection) =>
        options() is { } expected ? ReadThenServeAsync(connection, expected) : next(connection);

    private async Task ReadThenServeAsync(ConnectionContext connection, ProxyProtocolOptions expected)
    {
        var (result, text) = IsTrusted(connection.RemoteEndPoint, expected.TrustedNetworks)
            ? await ReadAsync(connection, expected)
            : (ProxyHeaderResult.Untrusted, string.Empty);
        expected.OnResult?.Invoke(connection, result);
        if (result is ProxyHeaderResult.Accepted or ProxyHeaderResult.Local)
        {
            await next(connection);
        }
        else if (result is ProxyHeaderResult.Closed or ProxyHeaderResult.Drained)
        {
            // Balancers that only look whether the port is open do so every few seconds.
            Log.Gone(logger, connection.RemoteEndPoint, connection.LocalEndPoint, result);
        }
        else if (logger.IsEnabled(LogLevel.Information) && _lines.TryTake(out var skipped))
        {
            Log.Refused(logger, connection.RemoteEndPoint, connection.LocalEndPoint, result, text, skipped);
        }
    }

    private async ValueTask<(ProxyHeaderResult Result, string Text)> ReadAsync(ConnectionContext connection, ProxyProtocolOptions expected)
    {
        var input = connection.Transport.Input;
        var draining = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var deadline = new CancellationTokenSource(expected.HeaderTimeout, time);
        await using var drained = draining.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), deadline);
        try
        {
            while (true)
            {
                // By token: a reader that was woken by CancelPendingRead could wake the next one, who did not ask for it.
                var read = await input.ReadAsync(deadline.Token);
                var result = Take(connection, input, read, expected.MaxHeaderLength, out var text);
                if (result != ProxyHeaderResult.None)
                {
                    return (result, text);
                }
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return (draining.IsCancellationRequested ? ProxyHeaderResult.Drained : ProxyHeaderResult.TimedOut, string.Empty);
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            return (ProxyHeaderResult.Closed, string.Empty);
        }
    }

    /// <summary>Looks at what has arrived so far; none as long as the header is not complete.</summary>
    private static ProxyHeaderResult Take(ConnectionContext connection, PipeReader input, in ReadResult read, int maxLength, out string text)
    {
        text = string.Empty;
        var buffer = read.Buffer;
        var status = ProxyHeaderParser.TryRead(ref buffer, out var header, maxLength);
        switch (status)
        {
            case ProxyHeaderStatus.Ok:
                // Nothing behind the header counts as seen: whoever reads next gets it at once.
                input.AdvanceTo(buffer.Start);
                Apply(connection, header);
                return header.IsLocal ? ProxyHeaderResult.Local : ProxyHeaderResult.Accepted;
            case ProxyHeaderStatus.NeedMore:
                input.AdvanceTo(buffer.Start, buffer.End);
                return read.IsCompleted ? ProxyHeaderResult.Closed : ProxyHeaderResult.None;
            default:
                text = ProxyHeaderText.Show(buffer);
                input.AdvanceTo(buffer.End);
                return status switch
                {
                    ProxyHeaderStatus.Absent => ProxyHeaderResult.Missing,
                    ProxyHeaderStatus.TooLong => ProxyHeaderResult.TooLong,
                    _ => ProxyHeaderResult.Malformed,
                };
        }
    }

    private static void Apply(ConnectionContext connection, in ProxyHeader header)
    {
        connection.Features.Set<IProxyProtocolFeature>(new ProxyProtocolFeature(header, connection.RemoteEndPoint, connection.LocalEndPoint));
        if (header is { Source: { } source, Destination: { } destination })
        {
            connection.RemoteEndPoint = Unmapped(source);
            connection.LocalEndPoint = Unmapped(destination);
        }
    }

    /// <summary>One client has one address, however the balancer's socket shows it.</summary>
    private static IPEndPoint Unmapped(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;

    private static bool IsTrusted(EndPoint? peer, IReadOnlyList<IPNetwork> networks)
    {
        if (peer is not IPEndPoint ip)
        {
            return false;
        }

        var address = Unmapped(ip).Address;
        foreach (var network in networks)
        {
            // An application may have written IPv4 networks as IPv6.
            if (network.Contains(address) || (network.BaseAddress.IsIPv4MappedToIPv6 && network.Contains(address.MapToIPv6())))
            {
                return true;
            }
        }

        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(1120, LogLevel.Information,
            "{Peer} at {Local} is closed, PROXY header: {Result} '{Text}' ({Skipped} such lines left out before)", EventName = "ProxyHeaderRefused")]
        public static partial void Refused(ILogger logger, EndPoint? peer, EndPoint? local, ProxyHeaderResult result, string text, long skipped);

        [LoggerMessage(1121, LogLevel.Debug, "{Peer} at {Local} has ended before its PROXY header: {Result}", EventName = "ProxyHeaderGone")]
        public static partial void Gone(ILogger logger, EndPoint? peer, EndPoint? local, ProxyHeaderResult result);
    }
}
