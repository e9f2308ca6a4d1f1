using System.Globalization;
using System.Text.RegularExpressions;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Servers;

/// <summary>A well-behaved server that keeps all mail. Rules and switches of its entry make it misbehave.</summary>
internal sealed class MailSink(ScriptedServer server, ServerSession session, ServerEntry entry, CancellationToken cancellationToken)
{
    private const int LongestLine = 4096;

    // Long enough for a peer's second write on loopback to arrive.
    private static readonly TimeSpan LockStepPause = TimeSpan.FromMilliseconds(2);

    private readonly string _host = $"{server.Name}.example.com";
    private readonly SinkText _text = new(session, entry, cancellationToken);
    private readonly SinkAuth _auth = new(session, entry, cancellationToken);
    private readonly List<string> _tried = [];
    private readonly List<string> _recipients = [];
    private readonly OctetBuffer _chunks = new();
    private string _source = session.Source;
    private bool _greeted;
    private bool _mailOpen;
    private bool _inChunks;

    public async Task ServeAsync(bool banner)
    {
        if (banner)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(entry.BannerDelayMs), TimeProvider.System, cancellationToken);
            await SendAsync($"220 {_host} ESMTP\r\n");
        }

        while (await NextCommandAsync() is { } line)
        {
            await ServeCommandAsync(line);
        }
    }

    private async Task<byte[]?> NextCommandAsync()
    {
        if (entry.IdleAfterMessageMs is not { } idle || session.MessageCount == 0 || session.Unread.Span.Contains((byte)'\n'))
        {
            return await session.ReadLineAsync(cancellationToken);
        }

        using var timer = new CancellationTokenSource(TimeSpan.FromMilliseconds(idle), TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await session.ReadLineAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await session.SendAsync(Octets.Parse(entry.IdleSend), cancellationToken);
            throw new SessionEndedException(entry.IdleClose);
        }
    }

    private async Task ServeCommandAsync(byte[] line)
    {
        if (!Offers("PIPELINING"))
        {
            await Task.Delay(LockStepPause, TimeProvider.System, cancellationToken);
            session.Drain();
        }

        session.NoteOutstanding(1 + session.Unread.Span.Count((byte)'\n'));
        var text = Octets.TextOf(line);
        session.NoteCommand(text);
        var verb = SinkPatterns.Verb().Match(text).Value.ToUpperInvariant();
        if (verb.Length > 0 && verb == entry.EatsBinaryAfter)
        {
            await EatBinaryAsync(text);
            return;
        }

        await (text switch
        {
            { Length: > LongestLine } => AnswerAsync(text, "500 5.5.2 line too long\r\n"),
            _ when SinkPatterns.ControlOctet().IsMatch(text) => AnswerAsync(text, "501 5.5.2 syntax error\r\n"),
            _ => ServeVerbAsync(verb, text),
        });
    }

    private Task ServeVerbAsync(string verb, string text) => verb switch
    {
        "EHLO" => HelloAsync(text, EhloReply()),
        "HELO" => HelloAsync(text, $"250 {_host}\r\n"),
        "MAIL" => MailAsync(text),
        "RCPT" => RecipientAsync(text),
        "DATA" => DataAsync(text),
        "BDAT" when Offers("CHUNKING") => ChunkAsync(text),
        "STARTTLS" when Offers("STARTTLS") && !session.IsTls => StartTlsAsync(),
        "XCLIENT" when Offers("XCLIENT") => XClientAsync(text),
        "AUTH" => AuthAsync(text),
        "RSET" => ResetAsync(text),
        "NOOP" => AnswerAsync(text, "250 2.0.0 Ok\r\n"),
        "VRFY" => AnswerAsync(text, "252 2.0.0 perhaps\r\n"),
        "QUIT" => QuitAsync(text),
        _ => AnswerAsync(text, "502 5.5.1 command not implemented\r\n"),
    };

    private async Task HelloAsync(string text, string reply)
    {
        Forget();
        _auth.Greet();
        _greeted = IsPositive(await AnswerAsync(text, reply));
    }

    private string EhloReply()
    {
        string[] rows = [_host, .. entry.Offered.Where(line => line != "STARTTLS" || !session.IsTls)];
        return string.Concat(rows.Select((row, i) => $"250{(i < rows.Length - 1 ? '-' : ' ')}{row}\r\n"));
    }

    private async Task MailAsync(string text)
    {
        var refusal = _auth.RefuseMail();
        var reply = this switch
        {
            { _greeted: false } => "503 5.5.1 say EHLO first\r\n",
            { _mailOpen: true } => "503 5.5.1 nested MAIL\r\n",
            _ when refusal is not null => refusal,
            _ when IsTooBig(text) => "552 5.3.4 message too big\r\n",
            _ => "250 2.1.0 Ok\r\n",
        };
        if (IsPositive(await AnswerAsync(text, reply)))
        {
            Forget();
            _mailOpen = true;
        }
    }

    private bool IsTooBig(string text)
    {
        var limit = entry.Offered.Select(line => SinkPatterns.SizeLimit().Match(line)).FirstOrDefault(match => match.Success);
        var size = SinkPatterns.SizeParameter().Match(text);
        return limit is not null && size.Success && Number(limit) is var most && most > 0 && Number(size) > most;

        static long Number(Match match) => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    private async Task RecipientAsync(string text)
    {
        _tried.Add(text);
        var reply = await AnswerAsync(text, _mailOpen ? "250 2.1.5 Ok\r\n" : "503 5.5.1 need MAIL\r\n");
        if (IsPositive(reply) && _mailOpen)
        {
            var path = SinkPatterns.Path().Match(text);
            _recipients.Add(path.Success ? path.Groups[1].Value : text);
        }
    }

    private async Task DataAsync(string text)
    {
        var reply = this switch
        {
            { _mailOpen: false } or { _inChunks: true } => "503 5.5.1 bad sequence\r\n",
            { _recipients.Count: 0 } => "554 5.5.1 no valid recipients\r\n",
            _ => "354 End data with <CR><LF>.<CR><LF>\r\n",
        };
        if ((await AnswerAsync(text, reply)).StartsWith("354", StringComparison.Ordinal))
        {
            await EndMessageAsync(SinkText.Unstuffed(await _text.ReadAsync()));
        }
    }

    private async Task ChunkAsync(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
        {
            await SendAsync("501 5.5.4 unreadable size\r\n");
            throw new SessionEndedException();
        }

        var chunk = await _text.ReadExactlyAsync(size);
        if (_recipients.Count == 0)
        {
            await AnswerAsync(text, "503 5.5.1 no valid recipients\r\n");
            return;
        }

        _inChunks = true;
        _chunks.Append(chunk);
        if (words[^1].Equals("LAST", StringComparison.OrdinalIgnoreCase))
        {
            await EndMessageAsync(_chunks.Span.ToArray());
        }
        else
        {
            await AnswerAsync(text, $"250 2.0.0 {size} octets\r\n");
        }
    }

    private async Task EndMessageAsync(byte[] message)
    {
        var name = $"{server.Name.ToUpperInvariant()}{session.Number:00}{session.MessageCount:00}";
        await AnswerAsync("<EOD>", $"250 2.0.0 Ok: queued as {name}\r\n", () => session.Store(new StoredMessage(message, [.. _recipients]) { Source = _source, User = _auth.User }));
        Forget();
    }

    private async Task StartTlsAsync()
    {
        await SendAsync("220 2.0.0 go\r\n");
        await session.StartTlsAsync(server.RequiredCertificate, cancellationToken);
        Forget();
        _greeted = false;
    }

    private async Task XClientAsync(string text)
    {
        Forget();
        if (IsPositive(await AnswerAsync(text, $"220 {_host} ESMTP\r\n")))
        {
            (_source, _greeted) = (SinkPatterns.ClientAddress().Match(text).Groups[1].Value, false);
        }
    }

    private async Task AuthAsync(string text)
    {
        // A rule decides before anything is asked.
        var usual = entry.Rules.Any(rule => Holds(rule, text)) ? ""
            : _auth.User is not null || _mailOpen ? "503 5.5.1 bad sequence\r\n"
            : Offers("AUTH") ? await _auth.ServeAsync(text) : "502 5.5.1 command not implemented\r\n";
        await AnswerAsync(text, usual);
    }

    private async Task ResetAsync(string text)
    {
        Forget();
        await AnswerAsync(text, "250 2.0.0 Ok\r\n");
    }

    private async Task QuitAsync(string text)
    {
        await AnswerAsync(text, "221 2.0.0 Bye\r\n");
        throw new SessionEndedException();
    }

    private async Task EatBinaryAsync(string text)
    {
        var size = SinkPatterns.BinarySize().Match(text);
        await SendAsync("354 send binary data\r\n");
        await _text.ReadExactlyAsync(size.Success ? int.Parse(size.ValueSpan, CultureInfo.InvariantCulture) : 0);
        await SendAsync("250 2.0.0 Ok\r\n");
    }

    /// <summary>Answers as the rules say, else as usual. <paramref name="keep"/> stores a message before its positive reply leaves.</summary>
    private async Task<string> AnswerAsync(string about, string usual, Action? keep = null)
    {
        foreach (var (pattern, milliseconds) in entry.Delays.Where(delay => Patterns.IsMatch(delay.Key, about)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, cancellationToken);
        }

        var rule = entry.Rules.FirstOrDefault(rule => Holds(rule, about));
        var reply = rule is null ? usual : Octets.TextOf(Octets.Parse(rule.Reply));
        if (rule is not null)
        {
            server.NoteUse(rule);
        }

        if (rule is { Accept: true } || (IsPositive(reply) && reply.Contains("\r\n", StringComparison.Ordinal)))
        {
            keep?.Invoke();
        }

        await SendAsync(reply);
        return rule?.ThenClose is { } how ? throw new SessionEndedException(how) : reply;
    }

    private bool Holds(ServerRule rule, string about) =>
        Patterns.IsMatch(rule.When, about) && session.MessageCount >= rule.AfterMessages && server.UsesOf(rule) < rule.Times &&
        (rule.IfRcpt is null || _tried.Any(line => line.Contains(rule.IfRcpt, StringComparison.Ordinal)));

    private bool Offers(string keyword) => entry.Offered.Any(line => line.Split(' ')[0].Equals(keyword, StringComparison.OrdinalIgnoreCase));

    private void Forget()
    {
        (_mailOpen, _inChunks) = (false, false);
        _tried.Clear();
        _recipients.Clear();
        _chunks.Truncate(0);
    }

    private Task SendAsync(string text) => session.SendAsync(Octets.OfText(text), cancellationToken);

    private static bool IsPositive(string reply) => reply.StartsWith('2');
}
