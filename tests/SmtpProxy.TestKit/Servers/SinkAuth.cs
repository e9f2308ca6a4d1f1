using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Servers;

/// <summary>Logins of the well-behaved server: PLAIN and LOGIN, and a mechanism of its own that asks as often as it is told to.</summary>
internal sealed class SinkAuth(ServerSession session, ServerEntry entry, CancellationToken cancellationToken)
{
    /// <summary>A mechanism that answers every response with it, and takes <c>ok</c> for the right one.</summary>
    private const string Talk = "X-TALK";

    private bool _hasLoggedIn;

    /// <summary>As whom the peer has logged in.</summary>
    public string? User { get; private set; }

    /// <summary>EHLO came.</summary>
    public void Greet()
    {
        if (_hasLoggedIn)
        {
            session.NoteEhloAfterAuth();
        }

        User = entry.EhloDropsAuth ? null : User;
    }

    /// <summary>MAIL came. The refusal of an entry that wants a login first, or null.</summary>
    public string? RefuseMail()
    {
        if (User is not null)
        {
            return null;
        }

        session.NoteUnauthenticatedMail();
        return entry.RequireAuth is { } refusal ? Octets.TextOf(Octets.Parse(refusal)) : null;
    }

    /// <summary>The reply to AUTH with all that belongs to it.</summary>
    public async Task<string> ServeAsync(string line)
    {
        var words = line.TrimEnd('\r', '\n').Split(' ');
        var mechanism = words.ElementAtOrDefault(1)?.ToUpperInvariant() ?? "";
        string[] prompts = mechanism switch
        {
            "PLAIN" => [entry.Bare334 ? "334" : "334 "],
            "LOGIN" => ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"],
            Talk => ["334 Zmlyc3Q=", "334 c2Vjb25k", "334 dGhpcmQ="],
            _ => [],
        };
        if (prompts.Length == 0)
        {
            return "504 5.5.4 unknown mechanism\r\n";
        }

        var answers = words.Skip(2).Take(1).ToList();
        foreach (var prompt in prompts.Skip(answers.Count))
        {
            await session.SendAsync(Octets.OfText(prompt + "\r\n"), cancellationToken);
            var answer = await session.ReadLineAsync(cancellationToken) ?? throw new SessionEndedException();
            var text = Octets.TextOf(answer);
            session.NoteCommand(text);
            answers.Add(text.TrimEnd('\r', '\n'));
            if (answers[^1] == "*")
            {
                return "501 5.7.0 cancelled\r\n";
            }
        }

        User = entry.Auth.GetValueOrDefault(string.Join(':', answers));
        _hasLoggedIn |= User is not null;
        return User is null ? "535 5.7.8 bad credentials\r\n" : "235 2.7.0 Ok\r\n";
    }
}
