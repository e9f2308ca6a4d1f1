using System.Buffers;
using System.Buffers.Binary;

namespace SmtpProxy.Protocol;

/// <summary>Reads the verb of a command line (RFC 5321 section 4.1.1): any case, compared as one integer.</summary>
public static class SmtpCommandParser
{
    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    /// <summary>Takes a line without its CRLF apart.</summary>
    public static SmtpCommand Parse(ReadOnlySpan<byte> line)
    {
        if (line.ContainsAny(Controls))
        {
            return new SmtpCommand(SmtpVerb.Unknown, default, isMalformed: true);
        }

        var end = line.IndexOfAny((byte)' ', (byte)'\t');
        var verb = end < 0 ? line : line[..end];
        return new SmtpCommand(Verb(verb, line.IsEmpty), end < 0 ? default : line[end..].Trim(" \t"u8), isMalformed: false);
    }

    private static SmtpVerb Verb(ReadOnlySpan<byte> verb, bool isEmptyLine) => verb.Length switch
    {
        0 => isEmptyLine ? SmtpVerb.None : SmtpVerb.Unknown,
        4 => Four(BinaryPrimitives.ReadUInt32BigEndian(verb) & 0xDFDFDFDF),
        8 when (BinaryPrimitives.ReadUInt64BigEndian(verb) & 0xDFDFDFDFDFDFDFDF) == 0x53544152_54544C53 => SmtpVerb.StartTls,
        _ => SmtpVerb.Unknown,
    };

    private static SmtpVerb Four(uint folded) => folded switch
    {
        0x45484C4F => SmtpVerb.Ehlo,
        0x48454C4F => SmtpVerb.Helo,
        0x4D41494C => SmtpVerb.Mail,
        0x52435054 => SmtpVerb.Rcpt,
        0x44415441 => SmtpVerb.Data,
        0x42444154 => SmtpVerb.Bdat,
        0x52534554 => SmtpVerb.Rset,
        0x4E4F4F50 => SmtpVerb.Noop,
        0x51554954 => SmtpVerb.Quit,
        0x48454C50 => SmtpVerb.Help,
        0x56524659 => SmtpVerb.Vrfy,
        0x4558504E => SmtpVerb.Expn,
        0x4554524E => SmtpVerb.Etrn,
        0x41555448 => SmtpVerb.Auth,
        _ => SmtpVerb.Unknown,
    };
}
