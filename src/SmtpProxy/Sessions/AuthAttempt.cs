using System.Security.Cryptography;
using System.Text;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>One AUTH of a client: the mechanism and, until the verdict, the client's responses. They are wiped as soon as they are of no use.</summary>
internal sealed class AuthAttempt
{
    // What a log may name: the list of mechanisms is open, and the name is the client's.
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "NTLM", "GSSAPI", "GSS-SPNEGO",
        "XOAUTH2", "OAUTHBEARER", "ANONYMOUS", "KERBEROS_V4",
    };

    // Longest command line of a server without an opinion of its own (RFC 5321 section 4.5.3.1.4).
    private const int MaxInline = 512;

    private readonly List<byte[]> _responses = new(2);
    private readonly byte[] _mechanism;
    private readonly int _steps;
    private readonly bool _hasInitialResponse;
    private int _taken;
    private int _sent;

    public AuthAttempt(in AuthCommand command, string helo)
    {
        _mechanism = command.Mechanism.ToArray();
        Mechanism = Encoding.ASCII.GetString(_mechanism).ToUpperInvariant();
        Helo = helo;
        _steps = Mechanism switch
        {
            "PLAIN" => 1,
            "LOGIN" => 2,
            _ => 0,
        };
        _hasInitialResponse = command.HasInitialResponse;
        if (_hasInitialResponse)
        {
            // On a line of its own an empty response is an empty line.
            Add(_steps == 2 && command.InitialResponse.SequenceEqual("="u8) ? default : command.InitialResponse);
        }
    }

    /// <summary>Name of the mechanism in upper case.</summary>
    public string Mechanism { get; }

    public string Helo { get; }

    /// <summary>The name given, once it is known; null for a mechanism in which only the server can read it.</summary>
    public string? User { get; private set; }

    /// <summary>Who tries to log in, as logs have it.</summary>
    public ClientLogin Login => new(Known.Contains(Mechanism) ? Mechanism : "other", User);

    /// <summary>True for PLAIN and LOGIN while the client has not said who it is: nothing a server needs to be asked for.</summary>
    public bool IsNameDue => _steps > 0 && _taken == 0;

    /// <summary>The challenge that asks for it.</summary>
    public ReadOnlySpan<byte> FirstChallenge => _steps == 1 ? SmtpReplies.PlainChallenge : SmtpReplies.LoginChallenge;

    /// <summary>True while another server can be told all over again what the first one was told.</summary>
    public bool IsReplayable { get; private set; } = true;

    /// <summary>True when there is a response that the present server has not got yet; else it is the client's turn.</summary>
    public bool HasNext => _sent < _responses.Count;

    /// <summary>Takes a response of the client.</summary>
    public void Add(ReadOnlySpan<byte> response)
    {
        if (_taken == 0 && _steps > 0)
        {
            User = _steps == 1 ? SaslText.UserOfPlain(response) : SaslText.UserOfLogin(response);
        }

        if (_taken > 0 && _taken >= _steps)
        {
            // The answer to a challenge of this one server, or to one that nobody had reckoned with.
            Forget();
        }

        _responses.Add(response.ToArray());
        _taken++;
    }

    /// <summary>Writes the command for a server that knows nothing yet, with the first response in it where any server understands that.</summary>
    public void Begin(BackendSession server)
    {
        var first = _responses.Count > 0 ? _responses[0] : [];

        // LOGIN has no initial response everywhere, and the line may not grow beyond what commands may have (RFC 4954 section 4).
        var isInline = _steps switch
        {
            0 => _hasInitialResponse,
            1 => first.Length > 0 && _mechanism.Length + first.Length + "AUTH  \r\n".Length <= MaxInline,
            _ => false,
        };
        SmtpCommands.WriteAuth(server.Output, _mechanism, isInline ? first : []);
        server.HasLogin = true;
        server.Expect(1);
        _sent = isInline ? 1 : 0;
    }

    /// <summary>Writes the next response.</summary>
    public void Continue(BackendSession server)
    {
        SmtpCommands.WriteAuthResponse(server.Output, _responses[_sent++]);
        server.Expect(1);
        if (!IsReplayable)
        {
            Wipe();
        }
    }

    /// <summary>The server waits for what only the client can tell.</summary>
    public void Challenged()
    {
        if (_steps == 0)
        {
            Forget();
        }
    }

    /// <summary>Forgets what the client has told.</summary>
    public void Wipe()
    {
        foreach (var response in _responses)
        {
            CryptographicOperations.ZeroMemory(response);
        }

        _responses.Clear();
        _sent = 0;
    }

    private void Forget()
    {
        IsReplayable = false;
        Wipe();
    }
}
