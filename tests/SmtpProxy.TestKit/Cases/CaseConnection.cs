using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Cases;

/// <summary>One connection of the client. It reads all the time, so that the borders of segments are seen as they come.</summary>
internal sealed class CaseConnection : IAsyncDisposable
{
    // No case expects more of a proxy; one that passes on an endless reply shall not fill the memory of the tests.
    private const int MaxReceived = 16 * 1024 * 1024;

    // Two writes without a wait between them leave as two packets.
    private static readonly TimeSpan PacketGap = TimeSpan.FromMilliseconds(30);

    private readonly TcpWire? _wire;
    private readonly Lock _gate = new();
    private readonly OctetBuffer _received = new();
    private readonly List<(int From, int To)> _segments = [];
    private readonly List<string> _pieces = [];
    private readonly News _news = new();
    private CancellationTokenSource _stop = new();
    private Task _reading;
    private int _consumed;
    private string? _ended;
    private long _sentAt;

    /// <param name="wire">The connection; null for one that was reset before it could be looked at.</param>
    public CaseConnection(TcpWire? wire)
    {
        _wire = wire;
        _ended = wire is null ? "rst" : null;
        _reading = wire is null ? Task.CompletedTask : ReadAsync(wire, _stop.Token);
    }

    /// <summary>The texts that expectations have read, in their order.</summary>
    public IReadOnlyList<string> Pieces => _pieces;

    /// <summary>All octets that came, as text.</summary>
    public string Received => Read(() => Octets.TextOf(_received.Span));

    private bool HasEnded => Read(() => _ended is not null);

    private byte[] Rest => Read(() => _received.Span[_consumed..].ToArray());

    public async Task SendAsync(byte[] octets, CancellationToken cancellationToken, bool beneathTls = false)
    {
        var gap = PacketGap - Stopwatch.GetElapsedTime(_sentAt);
        if (_sentAt != 0 && gap > TimeSpan.Zero)
        {
            await Task.Delay(gap, TimeProvider.System, cancellationToken);
        }

        try
        {
            if (_wire is not null && octets.Length > 0)
            {
                await (beneathTls ? _wire.SendClearAsync(octets, cancellationToken) : _wire.SendAsync(octets, cancellationToken));
            }
        }
        catch (Exception e) when (TcpWire.IsLoss(e))
        {
            // Gone already; the steps that follow judge that.
            End("rst");
        }

        _sentAt = Stopwatch.GetTimestamp();
    }

    public async Task ExpectAsync(string pattern, TimeSpan timeout, bool oneSegment, CancellationToken cancellationToken)
    {
        var regex = Patterns.Of(pattern);
        var found = Match.Empty;
        await WaitAsync(() => (found = regex.Match(Octets.TextOf(Rest))).Success || HasEnded, timeout, cancellationToken);
        if (!found.Success)
        {
            var state = _ended is { } how ? $"the connection ended ({how})" : $"nothing that matches in {timeout.TotalSeconds:0.#} s";
            throw new StepFailedException($"expected /{pattern}/: {state}; unread: '{Octets.Shown(Rest)}'");
        }

        var (from, to) = (_consumed + found.Index, _consumed + found.Index + found.Length);
        _pieces.Add(Read(() => Octets.TextOf(_received.Span[_consumed..to])));
        _consumed = to;
        var segments = Read(() => _segments.Where(segment => segment.To > from && segment.From < to).ToArray());
        if (oneSegment && segments.Length > 1)
        {
            throw new StepFailedException(
                $"the reply /{pattern}/ came in pieces of {string.Join(", ", segments.Select(segment => segment.To - segment.From))} octets");
        }
    }

    public async Task ExpectSilenceAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        if (await WaitAsync(() => Rest.Length > 0, time, cancellationToken))
        {
            throw new StepFailedException($"expected silence for {time.TotalSeconds:0.#} s, got '{Octets.Shown(Rest)}'");
        }
    }

    public async Task ExpectCloseAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!await WaitAsync(() => HasEnded, timeout, cancellationToken))
        {
            throw new StepFailedException(
                $"expected the connection to be closed within {timeout.TotalSeconds:0.#} s; unread: '{Octets.Shown(Rest)}'");
        }
    }

    /// <summary>Goes under TLS with a proxy whose certificate follows from <paramref name="trust"/>.</summary>
    public async Task ShakeHandsAsync(X509ChainPolicy trust, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await StopReadingAsync();
        if (_wire is null || HasEnded)
        {
            throw new StepFailedException($"no handshake: the connection ended ({_ended})");
        }

        try
        {
            var options = new SslClientAuthenticationOptions { TargetHost = CaseConfiguration.OwnName, CertificateChainPolicy = trust };
            await _wire.StartTlsAsync(options, cancellationToken).WaitAsync(timeout, TimeProvider.System, cancellationToken);
        }
        catch (Exception e) when (TcpWire.IsLoss(e) || e is TimeoutException)
        {
            throw new StepFailedException($"the TLS handshake failed: {e.Message}");
        }

        _reading = ReadAsync(_wire, _stop.Token);
    }

    /// <summary>Ends TLS and leaves the connection.</summary>
    public async Task EndTlsAsync()
    {
        try
        {
            await (_wire?.EndTlsAsync() ?? Task.CompletedTask);
        }
        catch (Exception e) when (TcpWire.IsLoss(e))
        {
            End("rst");
        }
    }

    public void HalfClose()
    {
        try
        {
            _wire?.HalfClose();
        }
        catch (SocketException)
        {
            End("rst");
        }
    }

    public async Task CloseAsync(CloseHow how)
    {
        End("closed by us");
        await StopReadingAsync();
        _wire?.Close(how);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(CloseHow.Rst);
        _stop.Dispose();
    }

    /// <summary>What was read by expectations, and then what was left.</summary>
    public IReadOnlyList<string> Transcript() => Rest is { Length: > 0 } rest ? [.. _pieces, Octets.TextOf(rest)] : _pieces;

    private async Task StopReadingAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
        _stop = new CancellationTokenSource();
    }

    private async Task ReadAsync(TcpWire wire, CancellationToken stop)
    {
        var buffer = new byte[65536];
        try
        {
            while (await wire.ReceiveAsync(buffer, stop) is var count and > 0)
            {
                lock (_gate)
                {
                    _segments.Add((_received.Length, _received.Length + count));
                    _received.Append(buffer.AsSpan(0, count));
                }

                _news.Tell();
                if (_received.Length > MaxReceived)
                {
                    End("flood");
                    return;
                }
            }

            End("fin");
        }
        catch (Exception e) when (TcpWire.IsLoss(e))
        {
            End("rst");
        }
        catch (OperationCanceledException)
        {
            // Closed by a step, which has said so, or going under TLS.
        }
    }

    private void End(string how)
    {
        lock (_gate)
        {
            _ended ??= how;
        }

        _news.Tell();
    }

    private async Task<bool> WaitAsync(Func<bool> condition, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var next = _news.Next;
            if (condition())
            {
                return true;
            }

            var left = timeout - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            try
            {
                await next.WaitAsync(left, TimeProvider.System, cancellationToken);
            }
            catch (TimeoutException)
            {
                return condition();
            }
        }
    }

    private T Read<T>(Func<T> get)
    {
        lock (_gate)
        {
            return get();
        }
    }
}
