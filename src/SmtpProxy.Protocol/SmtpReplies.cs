namespace SmtpProxy.Protocol;

/// <summary>All replies of the proxy's own. Refusals stand without CRLF: <see cref="ReplyWriter"/> puts the session's identifier behind them.</summary>
public static class SmtpReplies
{
#pragma warning disable CS1591 // The names and the texts say it.
    public static ReadOnlySpan<byte> Ok => "250 2.0.0 Ok\r\n"u8;

    public static ReadOnlySpan<byte> Bye => "221 2.0.0 Bye\r\n"u8;

    public static ReadOnlySpan<byte> Vrfy => "252 2.0.0 Cannot verify; send the message and it will be tried\r\n"u8;

    public static ReadOnlySpan<byte> Help => "214 2.0.0 EHLO HELO MAIL RCPT DATA BDAT RSET NOOP HELP VRFY QUIT\r\n"u8;

    public static ReadOnlySpan<byte> StartTls => "220 2.0.0 Ready to start TLS\r\n"u8;

    public static ReadOnlySpan<byte> TlsUnavailable => "454 4.7.0 TLS not available, try again later"u8;

    public static ReadOnlySpan<byte> TlsRequired => "530 5.7.0 Must issue a STARTTLS command first"u8;

    public static ReadOnlySpan<byte> DataBehindStartTls => "554 5.5.0 Data behind STARTTLS"u8;

    public static ReadOnlySpan<byte> PlainChallenge => "334 \r\n"u8;

    public static ReadOnlySpan<byte> LoginChallenge => "334 VXNlcm5hbWU6\r\n"u8;

    public static ReadOnlySpan<byte> EncryptionNeeded => "538 5.7.11 Encryption required for AUTH"u8;

    public static ReadOnlySpan<byte> UnknownMechanism => "504 5.5.4 Mechanism not supported"u8;

    public static ReadOnlySpan<byte> AuthCancelled => "501 5.7.0 Authentication cancelled"u8;

    public static ReadOnlySpan<byte> NotBase64 => "501 5.5.2 Cannot decode response"u8;

    public static ReadOnlySpan<byte> AuthLineTooLong => "500 5.5.6 Authentication line too long"u8;

    public static ReadOnlySpan<byte> AuthUnavailable => "454 4.7.0 Temporary authentication failure"u8;

    public static ReadOnlySpan<byte> LoginLost => "421 4.3.2 The mail server you had logged in to was lost, log in again"u8;

    public static ReadOnlySpan<byte> SyntaxError => "500 5.5.2 Not a command"u8;

    public static ReadOnlySpan<byte> LineTooLong => "500 5.5.2 Line too long"u8;

    public static ReadOnlySpan<byte> UnknownCommand => "502 5.5.1 Command not implemented"u8;

    public static ReadOnlySpan<byte> BadSequence => "503 5.5.1 Bad sequence of commands"u8;

    public static ReadOnlySpan<byte> HelloFirst => "503 5.5.1 Send EHLO or HELO first"u8;

    public static ReadOnlySpan<byte> NestedMail => "503 5.5.1 A transaction is open already"u8;

    public static ReadOnlySpan<byte> BadArgument => "501 5.5.4 Bad or missing argument"u8;

    public static ReadOnlySpan<byte> BadSender => "501 5.1.7 Bad sender address"u8;

    public static ReadOnlySpan<byte> BadRecipient => "501 5.1.3 Bad recipient address"u8;

    public static ReadOnlySpan<byte> NonAscii => "553 5.6.7 Address is not ASCII and SMTPUTF8 was not asked for"u8;

    public static ReadOnlySpan<byte> UnsupportedParameter => "555 5.5.4 Parameter not supported"u8;

    public static ReadOnlySpan<byte> SizeExceeded => "552 5.3.4 Message size exceeds every server's limit"u8;

    public static ReadOnlySpan<byte> BareNewline => "550 5.5.2 Bare CR or LF in message"u8;

    public static ReadOnlySpan<byte> NoValidRecipients => "554 5.5.1 No valid recipients"u8;

    public static ReadOnlySpan<byte> EarlyTalker => "554 5.5.1 Spoke before the greeting"u8;

    public static ReadOnlySpan<byte> ProxyHeader => "554 5.5.0 No PROXY header is expected here"u8;

    public static ReadOnlySpan<byte> TooManyRecipients => "452 4.5.3 Too many recipients"u8;

    public static ReadOnlySpan<byte> NoServer => "451 4.3.2 No mail server is available, try again later"u8;

    public static ReadOnlySpan<byte> PolicyNoServer => "451 4.7.1 No permitted mail server is available, try again later"u8;

    public static ReadOnlySpan<byte> ReplayDisagreed => "451 4.3.0 The transaction could not be moved to another server"u8;

    public static ReadOnlySpan<byte> ServerProtocolError => "451 4.3.0 The mail server broke the protocol"u8;

    public static ReadOnlySpan<byte> ServerLost => "451 4.4.2 The connection to the mail server was lost"u8;

    public static ReadOnlySpan<byte> ServerLostForGood => "421 4.4.2 The connection to the mail server was lost, connect again"u8;

    public static ReadOnlySpan<byte> TooManyConnections => "421 4.7.0 Too many connections"u8;

    public static ReadOnlySpan<byte> TooManyErrors => "421 4.7.0 Too many errors"u8;

    public static ReadOnlySpan<byte> CommandTimeout => "421 4.4.2 Timed out waiting for the client"u8;

    public static ReadOnlySpan<byte> ShuttingDown => "421 4.3.2 Shutting down"u8;

    public static ReadOnlySpan<byte> RefusedData => "421 4.5.0 Message text was sent without the go-ahead"u8;
#pragma warning restore CS1591
}
