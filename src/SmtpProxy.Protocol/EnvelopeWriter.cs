using System.Buffers;

namespace SmtpProxy.Protocol;

/// <summary>Writes MAIL and RCPT anew in strict form, with the octets of path and parameters as the client gave them: proxy and server can then
/// never disagree on who the sender is (RFC 5321 sections 4.1.1.2 and 4.1.1.3).</summary>
public static class EnvelopeWriter
{
    /// <summary>Writes <c>MAIL FROM:&lt;path&gt; parameters</c> and CRLF.</summary>
    public static void WriteMail(IBufferWriter<byte> output, in EnvelopeCommand command, bool withParameters = true) =>
        Write(output, "MAIL FROM:<"u8, command.Path.Octets, withParameters ? command.Parameters : default);

    /// <summary>Writes <c>RCPT TO:&lt;path&gt; parameters</c> and CRLF.</summary>
    public static void WriteRecipient(IBufferWriter<byte> output, in EnvelopeCommand command) =>
        Write(output, "RCPT TO:<"u8, command.Path.Octets, command.Parameters);

    private static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> verb, ReadOnlySpan<byte> path, ReadOnlySpan<byte> parameters)
    {
        output.Write(verb);
        output.Write(path);
        output.Write(">"u8);
        if (!parameters.IsEmpty)
        {
            output.Write(" "u8);
            output.Write(parameters);
        }

        output.Write("\r\n"u8);
    }
}
