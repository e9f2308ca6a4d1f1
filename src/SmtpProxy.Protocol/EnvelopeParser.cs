using System.Text;
using System.Text.Unicode;

namespace SmtpProxy.Protocol;

/// <summary>Reads the arguments of MAIL and RCPT: lenient where the meaning is plain, strict about what follows the path (RFC 5321 sections
/// 3.3, 4.1.1.2, 4.1.1.3 and 4.1.2).</summary>
public static class EnvelopeParser
{
    /// <summary>Reads <c>FROM:&lt;path&gt; parameters</c>.</summary>
    /// <param name="argument">What follows MAIL, without blanks around it.</param>
    /// <param name="lenient">Accept a path without brackets.</param>
    /// <param name="anyParameter">Pass parameters that nobody knows: the server is to judge them.</param>
    public static EnvelopeCommand ParseMail(ReadOnlySpan<byte> argument, bool lenient, bool anyParameter = false) =>
        Parse(argument, "FROM:"u8, isMail: true, lenient, anyParameter);

    /// <summary>Reads <c>TO:&lt;path&gt; parameters</c>.</summary>
    /// <param name="argument">What follows RCPT, without blanks around it.</param>
    /// <param name="lenient">Accept a path without brackets.</param>
    public static EnvelopeCommand ParseRecipient(ReadOnlySpan<byte> argument, bool lenient) =>
        Parse(argument, "TO:"u8, isMail: false, lenient, anyParameter: false);

    private static EnvelopeCommand Parse(ReadOnlySpan<byte> argument, ReadOnlySpan<byte> keyword, bool isMail, bool lenient, bool anyParameter)
    {
        if (argument.Length < keyword.Length || !Ascii.EqualsIgnoreCase(argument[..keyword.Length], keyword))
        {
            return Refused(EnvelopeStatus.Syntax);
        }

        var rest = argument[keyword.Length..].TrimStart(" \t"u8);
        if (rest.IsEmpty)
        {
            return Refused(EnvelopeStatus.Syntax);
        }

        var status = PathReader.TryRead(rest, lenient, out var path, out var consumed);
        if (status != EnvelopeStatus.Ok)
        {
            return Refused(status);
        }

        if (path.IsNull && !isMail)
        {
            return Refused(EnvelopeStatus.BadPath);
        }

        var tail = rest[consumed..];
        if (!tail.IsEmpty && tail[0] is not ((byte)' ' or (byte)'\t'))
        {
            return Refused(EnvelopeStatus.Syntax);
        }

        return Finish(path, tail.Trim(" \t"u8), isMail, anyParameter);
    }

    private static EnvelopeCommand Finish(EnvelopePath path, ReadOnlySpan<byte> parameters, bool isMail, bool anyParameter)
    {
        var read = new ParameterReader(isMail, anyParameter);
        var status = read.Read(parameters);
        if (status != EnvelopeStatus.Ok)
        {
            return Refused(status);
        }

        var isAscii = Ascii.IsValid(path.Octets);
        var mayBeUtf8 = !isMail || (read.Required & SmtpExtensions.SmtpUtf8) != 0;
        if (!isAscii && (!mayBeUtf8 || !Utf8.IsValid(path.Octets)))
        {
            return Refused(EnvelopeStatus.NonAsciiPath);
        }

        return new EnvelopeCommand
        {
            Status = EnvelopeStatus.Ok,
            Path = path,
            Parameters = parameters,
            Required = read.Required,
            Size = read.Size,
            Body = read.Body,
            HasUtf8Path = !isAscii,
        };
    }

    private static EnvelopeCommand Refused(EnvelopeStatus status) => new() { Status = status, Size = -1 };
}
