using System.Buffers;
using System.Net;
using System.Text.RegularExpressions;
using SmtpProxy.Hosting;
using SmtpProxy.Model;
using SmtpProxy.Protocol.ProxyProtocol;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.Fuzz.Sessions;

/// <summary>A proxy in this process before a strict server, for one session at a time.</summary>
internal sealed partial class ProxyUnderFuzz : ITransactionObserver, IAsyncDisposable
{
    private const int MostSent = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SessionVariant _variant;
    private readonly SinkServer _sink;
    private readonly ErrorLog _errors = new();
    private InProcessProxy? _proxy;
    private readonly Queue<string> _sent = new();
    private int _relayed;
    private long _relayedInAll;

    private ProxyUnderFuzz(SessionVariant variant)
    {
        _variant = variant;
        _sink = new SinkServer(variant);
    }

    /// <summary>Messages that were stored so far.</summary>
    public long Stored { get; private set; }

    public static async Task<ProxyUnderFuzz> StartAsync(SessionVariant variant)
    {
        var fuzz = new ProxyUnderFuzz(variant);
        var servers = new Dictionary<string, IPEndPoint> { ["sink"] = fuzz._sink.EndPoint };
        fuzz._proxy = await InProcessProxy.StartAsync(servers, variant.NewListener(), ProxyExtensions.None with { Observers = [fuzz] }, fuzz._errors);
        return fuzz;
    }

    public void OnCompleted(TransactionRecord record)
    {
        if (record.Outcome == TransactionOutcome.Relayed)
        {
            Interlocked.Increment(ref _relayed);
        }
    }

    /// <summary>Plays a session and checks all that must hold. Returns the reply codes.</summary>
    public async Task<IReadOnlyList<int>> RunAsync(byte[] input, int seed)
    {
        var played = await new SessionPlayer(_proxy!.EndPoint, seed, _variant.Kind != SessionKind.Proxied).PlayAsync(input);
        await WaitForEndAsync();
        var record = _sink.Take();
        var relayed = Interlocked.Exchange(ref _relayed, 0);
        var error = _errors.Take();
        Require.That(error is null, $"no input puts an error or an exception into the log, but {error}");
        Require.That(record.Complaints.Count == 0, string.Join('\n', record.Complaints));
        if (Sent(input) is not { } sent)
        {
            Require.That(played.Received.Length == 0 && record.Texts.Count == 0, "without a header that counts nothing is said");
            return [];
        }

        var replies = ClientReply.ReadAll(played.Received, played.IsWhole);
        var text = Octets.TextOf(sent);
        Stored += record.Texts.Count;
        if (_variant.Kind == SessionKind.Splice)
        {
            CheckSpliced(record, relayed, text);
            return [.. replies.Select(static reply => reply.Code)];
        }

        var model = new SessionModel(text, replies, played.IsWhole);
        model.Check();
        CheckTexts([.. record.Texts.Select(static stored => Octets.TextOf(stored))], text, played.IsWhole ? model.Texts : null);
        Require.That(relayed == record.Texts.Count, $"{record.Texts.Count} messages are stored, and {relayed} accounted for as relayed");
        return [.. replies.Select(static reply => reply.Code)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await _sink.DisposeAsync();
    }

    /// <summary>What is left for the session behind a header; null when there is none that counts.</summary>
    private byte[]? Sent(byte[] input)
    {
        var buffer = new ReadOnlySequence<byte>(input);
        return _variant.Kind != SessionKind.Proxied || ProxyHeaderParser.TryRead(ref buffer, out _) == ProxyHeaderStatus.Ok ? buffer.ToArray() : null;
    }

    private async Task WaitForEndAsync()
    {
        // A session that is not accepted yet is not counted either; what it sends is seen by the next look.
        for (var looks = 0; looks < 100 && _proxy!.Runtime.Sessions > 0; looks++)
        {
            await Task.Yield();
        }

        Require.That(
            await Poll.TryUntilAsync(() => _proxy!.Runtime.Sessions == 0, Patience, CancellationToken.None), "no session stays when its client is gone");
    }

    /// <summary>Whom the replies answer is between client and server, and what was lost track of is not accounted for. A server whose client has
    /// gone may store what came whole a little later.</summary>
    private void CheckSpliced(SinkRecord record, int relayed, string text)
    {
        _sent.Enqueue("\r\n" + text);
        if (_sent.Count > MostSent)
        {
            _sent.Dequeue();
        }

        _relayedInAll += relayed;
        CheckTexts([.. record.Texts.Select(static stored => Octets.TextOf(stored))], string.Concat(_sent), answered: null);
        Require.That(_relayedInAll <= Stored, $"{Stored} messages are stored, and {_relayedInAll} accounted for as relayed");
    }

    /// <summary>Only what the client ended with CRLF.CRLF is stored, unchanged.</summary>
    private void CheckTexts(List<string> stored, string input, List<string>? answered)
    {
        foreach (var text in stored)
        {
            Require.That(input.Contains("\r\n" + text, StringComparison.Ordinal), "what is stored was sent, with its end");
            Require.That(
                _variant.BareNewline == SessionVariant.Pass || _variant.Kind == SessionKind.Splice || !LoneDot().IsMatch("\r\n" + text[..^3]),
                "no text holds what another server could take for its end");
        }

        Require.That(answered is null || answered.SequenceEqual(stored), "what was answered positively is stored, and nothing else");
    }

    [GeneratedRegex(@"[\r\n]\.[\r\n]")]
    private static partial Regex LoneDot();
}
