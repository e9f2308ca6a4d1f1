using System.Buffers;

namespace SmtpProxy.Protocol;

/// <summary>All wire text that the proxy sends to servers.</summary>
public static class SmtpCommands
{
    /// <summary>RSET.</summary>
    public static ReadOnlySpan<byte> Rset => "RSET\r\n"u8;

    /// <summary>QUIT.</summary>
    public static ReadOnlySpan<byte> Quit => "QUIT\r\n"u8;

    /// <summary>STARTTLS.</summary>
    public static ReadOnlySpan<byte> StartTls => "STARTTLS\r\n"u8;

    /// <summary>DATA.</summary>
    public static ReadOnlySpan<byte> Data => "DATA\r\n"u8;

    /// <summary>The dot that ends a text, behind the text's own last CRLF.</summary>
    public static ReadOnlySpan<byte> EndOfData => ".\r\n"u8;

    /// <summary>The line that cancels an AUTH exchange (RFC 4954 section 4).</summary>
    public static ReadOnlySpan<byte> CancelAuth => "*\r\n"u8;

    /// <summary>Writes AUTH with the initial response, if there is one.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="mechanism">Name of the mechanism.</param>
    /// <param name="initialResponse">Base64, or <c>=</c> for an empty response; empty for none at all.</param>
    public static void WriteAuth(IBufferWriter<byte> output, ReadOnlySpan<byte> mechanism, ReadOnlySpan<byte> initialResponse)
    {
        output.Write("AUTH "u8);
        output.Write(mechanism);
        if (!initialResponse.IsEmpty)
        {
            output.Write(" "u8);
            output.Write(initialResponse);
        }

        output.Write("\r\n"u8);
    }

    /// <summary>Writes the answer to a challenge.</summary>
    public static void WriteAuthResponse(IBufferWriter<byte> output, ReadOnlySpan<byte> response)
    {
        output.Write(response);
        output.Write("\r\n"u8);
    }

    /// <summary>Writes EHLO with the proxy's own name.</summary>
    public static void WriteEhlo(IBufferWriter<byte> output, ReadOnlySpan<byte> hostname) => Write(output, "EHLO "u8, hostname);

    /// <summary>Writes HELO with the proxy's own name.</summary>
    public static void WriteHelo(IBufferWriter<byte> output, ReadOnlySpan<byte> hostname) => Write(output, "HELO "u8, hostname);

    private static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> verb, ReadOnlySpan<byte> hostname)
    {
        output.Write(verb);
        output.Write(hostname);
        output.Write("\r\n"u8);
    }
}
