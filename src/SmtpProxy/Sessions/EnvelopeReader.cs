using System.Buffers;
using SmtpProxy.Infrastructure;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>Makes an envelope of a parsed MAIL command.</summary>
internal static class EnvelopeReader
{
    // No server behind this proxy is sent what these need yet.
    private const SmtpExtensions Unavailable = SmtpExtensions.RequireTls | SmtpExtensions.FutureRelease;

    /// <summary>True when the command asks for an extension that a client of this session cannot have.</summary>
    /// <param name="command">MAIL, read.</param>
    /// <param name="isEsmtp">The client said EHLO.</param>
    /// <param name="promised">What the reply to EHLO offered.</param>
    /// <remarks>Other parameters are taken unasked when a server has them. An address in UTF-8 must not be: the sender's own server could not
    /// take it, and a client that was not offered it has to know that its mail cannot go on (RFC 6531 section 3.2).</remarks>
    public static bool IsUnavailable(in EnvelopeCommand command, bool isEsmtp, SmtpExtensions promised) =>
        (command.Required & (Unavailable | (SmtpExtensions.SmtpUtf8 & ~promised))) != SmtpExtensions.None
        || (!isEsmtp && !command.Parameters.IsEmpty);

    public static Envelope Read(in EnvelopeCommand command, ClientIdentity client, string helo, bool isEsmtp, ArrayBufferWriter<byte> octets)
    {
        EnvelopeWriter.WriteMail(octets, command);
        var full = octets.WrittenMemory;
        var bare = full;
        if (!command.Parameters.IsEmpty)
        {
            EnvelopeWriter.WriteMail(octets, command, withParameters: false);
            bare = octets.WrittenMemory[full.Length..];
        }

        var sender = WireText.Decode(command.Path.Octets);
        return new Envelope
        {
            Client = client,
            Helo = helo,
            IsEsmtp = isEsmtp,
            Sender = sender,
            SenderAt = command.Path.Domain.IsEmpty ? -1 : sender.LastIndexOf('@'),
            MailCommand = full,
            BareMailCommand = bare,
            Required = command.Required,
            Size = command.Size,
        };
    }

    public static ReadOnlySpan<byte> Refusal(EnvelopeStatus status, TransactionStage stage) => status switch
    {
        EnvelopeStatus.BadPath => stage == TransactionStage.Mail ? SmtpReplies.BadSender : SmtpReplies.BadRecipient,
        EnvelopeStatus.NonAsciiPath => SmtpReplies.NonAscii,
        EnvelopeStatus.UnknownParameter => SmtpReplies.UnsupportedParameter,
        _ => SmtpReplies.BadArgument,
    };
}
