using System.Diagnostics;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Servers;

/// <summary>One connection to a scripted server, with the record of what came.</summary>
public sealed class ServerSession
{
    private const int LineLimit = 65536;

    private readonly Lock _gate = new();
    private readonly TcpWire _wire;
    private readonly byte[] _received = new byte[65536];
    private readonly OctetBuffer _raw = new();
    private readonly List<string> _commands = [];
    private readonly List<StoredMessage> _messages = [];
    private readonly List<byte[]> _wireData = [];
    private readonly List<string> _unexpected = [];
    private int _maxOutstanding;
    private int _ehloAfterAuth;
    private int _unauthenticatedMail;
    private string? _proxyHeader;

    internal ServerSession(TcpWire wire, int number)
    {
        _wire = wire;
        Number = number;
    }

    /// <summary>Number of the connection to its server, from 1.</summary>
    public int Number { get; }

    /// <summary>All octets that came, but for a PROXY header that the server takes.</summary>
    public byte[] Raw => Read(() => _raw.Span.ToArray());

    /// <summary>Lines that came in command mode, with their line ends.</summary>
    public IReadOnlyList<string> Commands => Read(() => _commands.ToArray());

    /// <summary>Messages that were taken over.</summary>
    public IReadOnlyList<StoredMessage> Messages => Read(() => _messages.ToArray());

    /// <summary>What came after each 354, up to and with the end mark.</summary>
    public IReadOnlyList<byte[]> WireData => Read(() => _wireData.ToArray());

    /// <summary>The PROXY header that came before all else, as Latin-1 text; null when none was awaited.</summary>
    public string? ProxyHeader => Read(() => _proxyHeader);

    /// <summary>Lines for which a script had no place.</summary>
    public IReadOnlyList<string> Unexpected => Read(() => _unexpected.ToArray());

    /// <summary>How often it was greeted anew after a login.</summary>
    public int EhloAfterAuth => Read(() => _ehloAfterAuth);

    /// <summary>How often MAIL came without a login.</summary>
    public int UnauthenticatedMail => Read(() => _unauthenticatedMail);

    /// <summary>The most commands that were there before the first of them was answered.</summary>
    public int MaxOutstandingCommands => Read(() => _maxOutstanding);

    /// <summary>True until the peer has ended the connection.</summary>
    public bool IsEstablished => _wire.IsEstablished;

    /// <summary>Segments with octets that have come, read or not; one for each write of the peer.</summary>
    internal int ReceivedSegments => _wire.ReceivedSegments;

    /// <summary>True from STARTTLS on.</summary>
    internal bool IsTls => _wire.IsTls;

    /// <summary>The client's address by a PROXY header; touched by the serving task only.</summary>
    internal string Source { get; private set; } = "";

    /// <summary>Received and not yet used; touched by the serving task only.</summary>
    internal OctetBuffer Unread { get; } = new();

    internal int MessageCount => Read(() => _messages.Count);

    internal int RawLength => Read(() => _raw.Length);

    /// <summary>Reads once; false at the end of the stream.</summary>
    internal async ValueTask<bool> ReadMoreAsync(CancellationToken cancellationToken)
    {
        var count = await _wire.ReceiveAsync(_received, cancellationToken);
        TakeIn(count);
        return count > 0;
    }

    /// <summary>Takes what has arrived already.</summary>
    internal void Drain()
    {
        try
        {
            TakeIn(_wire.ReceiveAvailable(_received));
        }
        catch (Exception e) when (TcpWire.IsLoss(e))
        {
            // The next read that waits finds it out.
        }
    }

    /// <summary>Takes in what comes for some time. A peer that closes ends the conversation.</summary>
    internal async Task ListenAsync(TimeSpan time, bool stopAtOctets, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (time - Stopwatch.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
        {
            using var timer = new CancellationTokenSource(left, TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
            try
            {
                if (!await ReadMoreAsync(either.Token))
                {
                    throw new SessionEndedException();
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return;
            }

            if (stopAtOctets)
            {
                return;
            }
        }
    }

    /// <summary>One line with its end, null at the end of the stream. Of an overlong line the rest is thrown away.</summary>
    internal async Task<byte[]?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var seen = 0;
        while (true)
        {
            var at = Unread.Span[seen..].IndexOf((byte)'\n');
            if (at >= 0)
            {
                return Unread.Take(seen + at + 1);
            }

            Unread.Truncate(LineLimit);
            seen = Unread.Length;
            if (!await ReadMoreAsync(cancellationToken))
            {
                return null;
            }
        }
    }

    internal Task SendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken) => _wire.SendAsync(octets, cancellationToken);

    /// <summary>Shakes hands as the server.</summary>
    internal Task StartTlsAsync(X509Certificate2 certificate, CancellationToken cancellationToken) =>
        _wire.StartTlsAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, cancellationToken);

    /// <summary>Takes a PROXY header off what came, and keeps it apart.</summary>
    internal void NoteProxyHeader(byte[] header, string source)
    {
        Source = source;
        Write(() =>
        {
            _raw.Take(header.Length);
            _proxyHeader = Octets.TextOf(header);
        });
    }

    internal void Close(CloseHow how) => _wire.Close(how);

    internal void NoteCommand(string line) => Write(() => _commands.Add(line));

    internal void NoteWireData(byte[] octets) => Write(() => _wireData.Add(octets));

    internal void NoteUnexpected(string line) => Write(() => _unexpected.Add(line));

    internal void NoteOutstanding(int count) => Write(() => _maxOutstanding = Math.Max(_maxOutstanding, count));

    internal void NoteEhloAfterAuth() => Write(() => _ehloAfterAuth++);

    internal void NoteUnauthenticatedMail() => Write(() => _unauthenticatedMail++);

    internal void Store(StoredMessage message) => Write(() => _messages.Add(message));

    private void TakeIn(int count)
    {
        var octets = _received.AsSpan(0, count);
        Unread.Append(octets);
        lock (_gate)
        {
            _raw.Append(octets);
        }
    }

    // The serving task writes the record while a test reads it.
    private T Read<T>(Func<T> get)
    {
        lock (_gate)
        {
            return get();
        }
    }

    private void Write(Action change)
    {
        lock (_gate)
        {
            change();
        }
    }
}
