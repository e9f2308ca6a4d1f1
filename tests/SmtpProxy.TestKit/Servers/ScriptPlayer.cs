using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Servers;

/// <summary>
/// Follows a script. A peer that closes ends it without failure. Commands that a polite client may say at any time are
/// answered when the script has no place for them; another line gets 503 and is kept for the report.
/// </summary>
internal sealed class ScriptPlayer(ScriptedServer server, ServerSession session, ServerEntry entry, CancellationToken cancellationToken)
{
    private const int EndlessBlock = 4096;

    // How long a script waits for a peer that may or may not say something.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private bool _inText;
    private byte[]? _textToStore;

    public async Task PlayAsync()
    {
        foreach (var step in entry.Script!)
        {
            await PlayStepAsync(step);
        }

        while (await session.ReadLineAsync(cancellationToken) is { } line)
        {
            await AnswerUnplannedAsync(line);
        }
    }

    private Task PlayStepAsync(ScriptStep step) => step switch
    {
        { Send: not null } => SendAsync(step),
        { Expect: { } pattern } => ExpectAsync(pattern),
        { Optional: { } optional } => PlayOptionalAsync(optional),
        { WaitMs: { } time } => session.ListenAsync(TimeSpan.FromMilliseconds(time), stopAtOctets: false, cancellationToken),
        { ExpectSilenceMs: { } time } => ExpectSilenceAsync(TimeSpan.FromMilliseconds(time), step),
        { Close: { } how } => throw new SessionEndedException(how),
        { Serve: "default" } => BecomeSinkAsync(step),
        { Tls: "handshake" } => session.StartTlsAsync(server.RequiredCertificate, cancellationToken),
        { Refuse: true } => Task.CompletedTask,
        _ => throw new InvalidOperationException($"Not a step of a script: {step}"),
    };

    private async Task SendAsync(ScriptStep step)
    {
        var octets = Octets.Parse(step.Send!);
        if (_textToStore is { } text && octets is [(byte)'2', ..])
        {
            session.Store(new StoredMessage(text, []));
        }

        _textToStore = null;
        if (step.EveryMs is { } pause)
        {
            for (var i = 0; step.IsEndless || i < step.Times; i++)
            {
                await session.SendAsync(octets, cancellationToken);
                await session.ListenAsync(TimeSpan.FromMilliseconds(pause), stopAtOctets: false, cancellationToken);
            }
        }
        else if (step.IsEndless)
        {
            var block = Octets.Repeat(octets, Math.Max(1, EndlessBlock / octets.Length));
            while (true)
            {
                await session.SendAsync(block, cancellationToken);
                session.Drain();
            }
        }
        else
        {
            await session.SendAsync(Octets.Repeat(octets, step.Times), cancellationToken);
            _inText = octets.AsSpan().StartsWith("354"u8);
        }
    }

    private async Task PlayOptionalAsync(OptionalStep optional)
    {
        while (session.Unread.Length == 0)
        {
            await ReadOrEndAsync();
        }

        if (Patterns.IsMatch(optional.Expect, Octets.TextOf(session.Unread.Span)))
        {
            await ExpectAsync(optional.Expect);
            await session.SendAsync(Octets.Parse(optional.Send), cancellationToken);
        }
    }

    private async Task ExpectSilenceAsync(TimeSpan time, ScriptStep step)
    {
        var before = session.RawLength;
        await session.ListenAsync(time, stopAtOctets: true, cancellationToken);
        if (session.RawLength > before)
        {
            await session.SendAsync(Octets.Parse(step.ElseSend ?? ""), cancellationToken);
            if (step.ElseClose)
            {
                throw new SessionEndedException();
            }
        }
    }

    private async Task BecomeSinkAsync(ScriptStep step)
    {
        await new MailSink(server, session, entry, cancellationToken).ServeAsync(banner: !step.NoBanner);
        throw new SessionEndedException();
    }

    private async Task ExpectAsync(string pattern)
    {
        var regex = Patterns.Of(pattern);
        if (session.Unread.Length == 0 && regex.IsMatch(""))
        {
            await session.ListenAsync(Settle, stopAtOctets: true, cancellationToken);
        }

        while (true)
        {
            var found = regex.Match(Octets.TextOf(session.Unread.Span));
            if (found.Success)
            {
                Take(session.Unread.Take(found.Index + found.Length));
                return;
            }

            var lineEnd = session.Unread.Span.IndexOf((byte)'\n');
            if (!_inText && lineEnd >= 0 && pattern.StartsWith('^'))
            {
                await AnswerUnplannedAsync(session.Unread.Take(lineEnd + 1));
            }
            else
            {
                await ReadOrEndAsync();
            }
        }
    }

    /// <summary>Puts on record what an expectation has taken.</summary>
    private void Take(byte[] octets)
    {
        if (_inText)
        {
            session.NoteWireData(octets);
            _textToStore = octets.AsSpan().EndsWith(".\r\n"u8) ? octets[..^3] : octets;
            _inText = false;
            return;
        }

        foreach (var line in Octets.TextOf(octets).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            session.NoteCommand(line + "\n");
        }
    }

    private async Task AnswerUnplannedAsync(byte[] line)
    {
        var text = Octets.TextOf(line);
        session.NoteCommand(text);
        var verb = VerbOf(text);
        var reply = verb switch
        {
            "RSET" or "NOOP" => "250 2.0.0 Ok\r\n",
            "QUIT" => "221 2.0.0 Bye\r\n",
            "RCPT" when session.Commands.Any(command => VerbOf(command) == "MAIL") => "250 2.1.5 Ok\r\n",
            _ => "503 5.5.1 not in the script\r\n",
        };
        if (reply.StartsWith('5'))
        {
            session.NoteUnexpected(text);
        }

        await session.SendAsync(Octets.OfText(reply), cancellationToken);
        if (verb == "QUIT")
        {
            throw new SessionEndedException();
        }
    }

    private async Task ReadOrEndAsync()
    {
        if (!await session.ReadMoreAsync(cancellationToken))
        {
            throw new SessionEndedException();
        }
    }

    private static string VerbOf(string line) => line[..Math.Min(4, line.Length)].ToUpperInvariant();
}
