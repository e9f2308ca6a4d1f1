using System.Diagnostics.CodeAnalysis;
using System.Net;
using SmtpProxy.Model;

namespace SmtpProxy.Host.Admin;

/// <summary>Turns a sender that an operator names into what the session would have made of it.</summary>
internal static class SenderAddress
{
    // RFC 5321 section 4.5.3.1.3 gives a path 256 octets; nothing longer than a command line can have been a sender.
    private const int MaxLength = 2048;

    private static readonly IPEndPoint NoEndPoint = new(IPAddress.Loopback, 0);
    private static readonly ClientIdentity Operator = new("admin", string.Empty, NoEndPoint, NoEndPoint);

    /// <summary>Reads the encoded form; false when it is malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<char> encoded, [NotNullWhen(true)] out string? sender)
    {
        if (encoded.Length > 3 * MaxLength || !PercentText.TryDecode(encoded, out sender) || sender.Any(char.IsControl))
        {
            sender = null;
            return false;
        }

        if (sender is ['<', .. var inner, '>'])
        {
            sender = inner;
        }

        return sender.Length <= MaxLength;
    }

    /// <summary>The envelope of a transaction with this sender.</summary>
    public static Envelope ToEnvelope(string sender) => new()
    {
        Client = Operator,
        Helo = string.Empty,

        // Where affinity is kept for logins, the operator names one.
        Login = new ClientLogin(string.Empty, sender),
        Sender = sender,
        SenderAt = FindAt(sender),
        MailCommand = default,
        BareMailCommand = default,
    };

    private static int FindAt(string sender)
    {
        var at = -1;
        var isQuoted = false;
        for (var i = 0; i < sender.Length; i++)
        {
            switch (sender[i])
            {
                case '\\' when isQuoted:
                    i++;
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case '@' when !isQuoted:
                    at = i;
                    break;
                default:
                    break;
            }
        }

        return at;
    }
}
