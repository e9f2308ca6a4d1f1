using System.Buffers;
using System.Text;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Relay;

/// <summary>Puts commands of the envelope on the wire: as many as the server lets be outstanding, in one write (RFC 2920).</summary>
internal static class EnvelopeWindow
{
    /// <summary>Writes the next commands and notes the replies that are due. Returns their number: all of them, or one for a server without PIPELINING.</summary>
    public static int Write(BackendSession server, Envelope envelope, ReadOnlySpan<RelayCommand> commands)
    {
        var count = server.Capabilities.Has(SmtpExtensions.Pipelining) ? commands.Length : 1;
        foreach (var command in commands[..count])
        {
            if (command.Stage == TransactionStage.Mail)
            {
                WriteMail(server, envelope);
            }
            else
            {
                server.Output.Write(command.Octets.Span);
            }
        }

        server.Expect(count);
        return count;
    }

    /// <summary>Extensions without which the server cannot take this envelope. SIZE and AUTH are hints that a relay leaves out towards a server
    /// which does not know them (RFC 1870 section 5, RFC 4954 section 5).</summary>
    public static SmtpExtensions Needed(Envelope envelope) => envelope.Required & ~(SmtpExtensions.Size | SmtpExtensions.Auth);

    private static void WriteMail(BackendSession server, Envelope envelope)
    {
        if ((envelope.Required & ~server.Capabilities.Extensions) == SmtpExtensions.None)
        {
            server.Output.Write(envelope.MailCommand.Span);
            return;
        }

        var bare = envelope.BareMailCommand.Span[..^2];
        server.Output.Write(bare);
        foreach (var range in envelope.MailCommand.Span[bare.Length..^2].Split((byte)' '))
        {
            var parameter = envelope.MailCommand.Span[bare.Length..^2][range];
            if (!parameter.IsEmpty && IsKnown(server, parameter))
            {
                server.Output.Write(" "u8);
                server.Output.Write(parameter);
            }
        }

        server.Output.Write("\r\n"u8);
    }

    private static bool IsKnown(BackendSession server, ReadOnlySpan<byte> parameter) =>
        (server.Capabilities.Has(SmtpExtensions.Size) || !Ascii.EqualsIgnoreCase(Keyword(parameter), "SIZE"u8))
        && (server.Capabilities.Has(SmtpExtensions.Auth) || !Ascii.EqualsIgnoreCase(Keyword(parameter), "AUTH"u8));

    private static ReadOnlySpan<byte> Keyword(ReadOnlySpan<byte> parameter) =>
        parameter.IndexOf((byte)'=') is var at and >= 0 ? parameter[..at] : parameter;
}
