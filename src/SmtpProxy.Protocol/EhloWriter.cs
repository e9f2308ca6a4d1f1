using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SmtpProxy.Protocol;

/// <summary>Writes the reply to EHLO. A white list: PIPELINING and ENHANCEDSTATUSCODES always, of the others what is given.
/// AUTH only with mechanisms.</summary>
public static class EhloWriter
{
    private const SmtpExtensions Always = SmtpExtensions.Pipelining | SmtpExtensions.EnhancedStatusCodes;

    private const SmtpExtensions Allowed = Always | SmtpExtensions.Size | SmtpExtensions.StartTls | SmtpExtensions.EightBitMime
        | SmtpExtensions.SmtpUtf8 | SmtpExtensions.Dsn | SmtpExtensions.Chunking | SmtpExtensions.BinaryMime | SmtpExtensions.DeliverBy
        | SmtpExtensions.MtPriority | SmtpExtensions.RequireTls;

    /// <summary>Writes the whole reply.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="hostname">The name of this host.</param>
    /// <param name="capabilities">What may be offered besides.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> hostname, SmtpCapabilities capabilities)
    {
        output.Write("250-"u8);
        output.Write(hostname);
        output.Write("\r\n"u8);
        var left = (capabilities.Extensions | Always) & (capabilities.Mechanisms is null ? Allowed : Allowed | SmtpExtensions.Auth);
        foreach (var (keyword, extension) in ExtensionKeywords.All)
        {
            if ((left & extension) != 0)
            {
                left &= ~extension;
                output.Write(left == SmtpExtensions.None ? "250 "u8 : "250-"u8);
                output.Write(keyword);
                if (extension == SmtpExtensions.Size && capabilities.SizeLimit > 0)
                {
                    WriteNumber(output, capabilities.SizeLimit);
                }
                else if (extension == SmtpExtensions.Auth)
                {
                    output.Write(" "u8);
                    Encoding.ASCII.GetBytes(capabilities.Mechanisms, output);
                }

                output.Write("\r\n"u8);
            }
        }
    }

    private static void WriteNumber(IBufferWriter<byte> output, long number)
    {
        Span<byte> text = stackalloc byte[21];
        text[0] = (byte)' ';
        Utf8Formatter.TryFormat(number, text[1..], out var length);
        output.Write(text[..(length + 1)]);
    }
}
