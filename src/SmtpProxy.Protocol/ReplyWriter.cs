using System.Buffers;

namespace SmtpProxy.Protocol;

/// <summary>Writes replies to clients.</summary>
public static class ReplyWriter
{
    /// <summary>Writes a refusal of the proxy's own with the session's identifier behind it, so that a report leads to the log line.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> text, ReadOnlySpan<byte> sessionId)
    {
        output.Write(text);
        output.Write(" ["u8);
        output.Write(sessionId);
        output.Write("]\r\n"u8);
    }

    /// <summary>Writes the 220.</summary>
    public static void WriteGreeting(IBufferWriter<byte> output, ReadOnlySpan<byte> hostname)
    {
        output.Write("220 "u8);
        output.Write(hostname);
        output.Write(" ESMTP SmtpProxy\r\n"u8);
    }

    /// <summary>Writes the one-line reply to HELO.</summary>
    public static void WriteHelo(IBufferWriter<byte> output, ReadOnlySpan<byte> hostname)
    {
        output.Write("250 "u8);
        output.Write(hostname);
        output.Write("\r\n"u8);
    }

    /// <summary>Writes a server's reply word for word, each line with CRLF at its end.</summary>
    public static void Write(IBufferWriter<byte> output, in SmtpReply reply)
    {
        if (reply.HasBareLineEnd)
        {
            WriteLines(output, reply.Octets.ToArray());
            return;
        }

        foreach (var segment in reply.Octets)
        {
            output.Write(segment.Span);
        }
    }

    /// <summary>Writes a server's 421 as 451 with the same text: the server's session ends, the client's does not.</summary>
    public static void WriteWithout421(IBufferWriter<byte> output, in SmtpReply reply)
    {
        var text = reply.Octets.ToArray();
        for (var line = 0; line < text.Length;)
        {
            // Every line of a 421 begins with its code; the parser has seen to that.
            "451"u8.CopyTo(text.AsSpan(line));
            var end = text.AsSpan(line).IndexOf((byte)'\n');
            line = end < 0 ? text.Length : line + end + 1;
        }

        WriteLines(output, text);
    }

    private static void WriteLines(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            output.Write(text[..end].TrimEnd((byte)'\r'));
            output.Write("\r\n"u8);
            text = text[(end + 1)..];
        }
    }
}
