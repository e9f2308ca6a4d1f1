using SmtpProxy.Protocol;

namespace SmtpProxy.Model;

/// <summary>What the client said up to and including MAIL FROM: all that routing may look at.</summary>
public sealed record Envelope
{
    /// <summary>Who is connected.</summary>
    public required ClientIdentity Client { get; init; }

    /// <summary>The name given with EHLO or HELO, as text; hostile.</summary>
    public required string Helo { get; init; }

    /// <summary>True when the client said EHLO, false after HELO.</summary>
    public bool IsEsmtp { get; init; } = true;

    /// <summary>As whom the client has logged in; null when it has not.</summary>
    public ClientLogin? Login { get; init; }

    /// <summary>The path of MAIL FROM without brackets and source route, as text; empty for the null sender; hostile.</summary>
    public required string Sender { get; init; }

    /// <summary>Offset of the last <c>@</c> outside quotes in <see cref="Sender"/>, or -1 when it has no domain.</summary>
    public required int SenderAt { get; init; }

    /// <summary>The command for the server, in strict form with its CRLF (RFC 5321 section 4.1.1.2).</summary>
    public required ReadOnlyMemory<byte> MailCommand { get; init; }

    /// <summary>The same command without any parameter, for a server that knows only HELO.</summary>
    public required ReadOnlyMemory<byte> BareMailCommand { get; init; }

    /// <summary>Extensions that the server must offer for the parameters given.</summary>
    public SmtpExtensions Required { get; init; }

    /// <summary>The SIZE parameter in octets, -1 when absent (RFC 1870).</summary>
    public long Size { get; init; } = -1;

    /// <summary>True for <c>MAIL FROM:&lt;&gt;</c>.</summary>
    public bool IsNullSender => Sender.Length == 0;

    /// <summary>The local part as given; the whole sender when there is no domain.</summary>
    public ReadOnlySpan<char> SenderLocalPart => SenderAt < 0 ? Sender : Sender.AsSpan(0, SenderAt);

    /// <summary>The domain as given; empty when there is none.</summary>
    public ReadOnlySpan<char> SenderDomain => SenderAt < 0 ? default : Sender.AsSpan(SenderAt + 1);
}
