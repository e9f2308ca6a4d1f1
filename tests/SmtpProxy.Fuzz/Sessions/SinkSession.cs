using System.Globalization;
using System.Text.RegularExpressions;
using SmtpProxy.Protocol;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.Fuzz.Sessions;

/// <summary>One connection of the proxy. Addresses that begin with <c>no</c>, <c>later</c>, <c>big</c> and <c>bye</c> are refused in their ways.</summary>
internal sealed partial class SinkSession(SinkServer server, TcpWire wire, SessionVariant variant)
{
    private const string TextEnd = "\r\n.\r\n";

    private readonly SinkLogin _login = new(server);
    private readonly byte[] _received = new byte[64 * 1024];
    private string _unread = "";
    private string _sender = "";
    private bool _isGreeted;
    private bool _isOpen;
    private int _recipients;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SendAsync("220 sink.example.com ESMTP\r\n", cancellationToken);
        while (await ReadToAsync("\r\n", cancellationToken) is { } line)
        {
            var reply = _login.IsAsking ? _login.Answer(line[..^2]) : Answer(line);
            await SendAsync(reply, cancellationToken);
            if (reply.StartsWith("354", StringComparison.Ordinal) && !await TakeTextAsync(cancellationToken))
            {
                return;
            }

            if (ChunkSize(line) is { } size && !await TakeChunkAsync(size, cancellationToken))
            {
                return;
            }

            if (reply.StartsWith("421", StringComparison.Ordinal) || reply.StartsWith("221", StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    private void Inspect(string line)
    {
        if (!IsLogin(line) && (line.Length > SmtpLimits.CommandLine + TextEnd.Length || !Known().IsMatch(line)))
        {
            server.Complain($"A command that the proxy must not send: {Octets.Shown(Octets.OfText(line))}");
        }

        if (!variant.HasPipelining && _unread.Length > 0)
        {
            server.Complain("Commands sent together to a server without PIPELINING");
        }
    }

    private string Answer(string line)
    {
        // In a spliced session it is the client who speaks.
        if (variant.Kind != SessionKind.Splice)
        {
            Inspect(line);
        }

        // Replies reach the client of a spliced session as they are.
        var reply = Reply(line[..^2]);
        return variant.Kind == SessionKind.Splice ? reply.ReplaceLineEndings("\r\n") : reply;
    }

    private string Reply(string line) => line[..Math.Min(4, line.Length)].ToUpperInvariant() switch
    {
        "EHLO" => Greet($"250-sink.example.com\r\n{(variant.HasPipelining ? "250-PIPELINING\r\n" : "")}{(variant.Kind == SessionKind.Auth ? $"250-{SessionVariant.Mechanisms}\r\n" : "")}250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 100000\r\n"),
        "HELO" => Greet("250 sink.example.com\r\n"),
        "MAIL" => Mail(line),
        "RCPT" => Recipient(line),
        "DATA" => Data(),
        "RSET" => Reset(),
        "QUIT" => "221 2.0.0 Bye\r\n",
        "AUTH" when variant.Kind == SessionKind.Auth => _login.Begin(line),
        "NOOP" => "250 2.0.0 Ok\r\n",
        _ => "500 5.5.1 unknown\r\n",
    };

    private string Greet(string reply)
    {
        _isGreeted = true;
        Forget();
        return reply;
    }

    private string Mail(string line)
    {
        if (!_isGreeted || _isOpen)
        {
            if (variant.Kind != SessionKind.Splice)
            {
                server.Complain("MAIL out of order");
            }

            return "503 5.5.1 bad sequence\r\n";
        }

        if (Matches(line, "no"))
        {
            return "550-5.7.1 not\n550 5.7.1 you\n";
        }

        _isOpen = true;
        _sender = line;
        return "250 2.1.0 Ok\r\n";
    }

    private string Recipient(string line)
    {
        // In a pipelined group the proxy cannot know yet that MAIL was refused.
        if (!_isOpen)
        {
            return "503 5.5.1 need MAIL\r\n";
        }

        if (Matches(line, "bye"))
        {
            return "421-4.3.2 going\n421 4.3.2 down\n";
        }

        var reply = Matches(line, "no") ? "550 5.1.1 unknown\r\n" : Matches(line, "later") ? "451 4.2.0 later\r\n" : "250 2.1.5 Ok\r\n";
        _recipients += reply[0] == '2' ? 1 : 0;
        return reply;
    }

    private string Data() => !_isOpen ? "503 5.5.1 need MAIL\r\n" : _recipients == 0 ? "554 5.5.1 no valid recipients\r\n" : "354 go\r\n";

    private string Reset()
    {
        Forget();
        return "250 2.0.0 Ok\r\n";
    }

    /// <summary>Only a spliced session has chunks, and they are of no use here.</summary>
    private static int? ChunkSize(string line) =>
        Chunk().Match(line) is { Success: true } chunk ? int.Parse(chunk.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    private async Task<bool> TakeChunkAsync(int size, CancellationToken cancellationToken)
    {
        Forget();
        while (_unread.Length < size)
        {
            var count = await wire.ReceiveAsync(_received, cancellationToken);
            if (count == 0)
            {
                return false;
            }

            _unread += Octets.TextOf(_received.AsSpan(0, count));
        }

        _unread = _unread[size..];
        return true;
    }

    private bool IsLogin(string line) => variant.Kind == SessionKind.Auth && Login().IsMatch(line);

    /// <summary>False when the proxy closed before the end of data: nothing is stored then.</summary>
    private async Task<bool> TakeTextAsync(CancellationToken cancellationToken)
    {
        _unread = "\r\n" + _unread;
        if (await ReadToAsync(TextEnd, cancellationToken) is not { } text)
        {
            return false;
        }

        var isTaken = !Matches(_sender, "big");
        if (isTaken)
        {
            server.Store(Octets.OfText(text[2..]));
        }

        Forget();
        await SendAsync(isTaken ? "250 2.0.0 Ok: queued\r\n" : "552 5.3.4 too big\r\n", cancellationToken);
        return true;
    }

    private async Task<string?> ReadToAsync(string end, CancellationToken cancellationToken)
    {
        var from = 0;
        while (true)
        {
            var at = _unread.IndexOf(end, from, StringComparison.Ordinal);
            if (at >= 0)
            {
                var taken = _unread[..(at + end.Length)];
                _unread = _unread[taken.Length..];
                return taken;
            }

            from = Math.Max(0, _unread.Length - end.Length);
            var count = await wire.ReceiveAsync(_received, cancellationToken);
            if (count == 0)
            {
                return null;
            }

            _unread += Octets.TextOf(_received.AsSpan(0, count));
        }
    }

    private void Forget() => (_isOpen, _recipients, _sender) = (false, 0, "");

    private Task SendAsync(string text, CancellationToken cancellationToken) => wire.SendAsync(Octets.OfText(text), cancellationToken);

    private static bool Matches(string line, string start) => line.Contains($":<{start}", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\ABDAT[ \t]+(\d{1,7})(?:[ \t]+LAST)?[ \t]*\r\n\z", RegexOptions.IgnoreCase)]
    private static partial Regex Chunk();

    [GeneratedRegex(@"\AAUTH [A-Za-z0-9_-]{1,20}(?: [A-Za-z0-9+/=]+)?\r\n\z")]
    private static partial Regex Login();

    [GeneratedRegex(@"\A(?:(?:EHLO|HELO) proxy\.example\.com|MAIL FROM:<[^\x00-\x1f\x7f]*>[^\x00-\x1f\x7f]*|RCPT TO:<[^\x00-\x1f\x7f]+>[^\x00-\x1f\x7f]*|DATA|RSET|NOOP|QUIT)\r\n\z")]
    private static partial Regex Known();
}
