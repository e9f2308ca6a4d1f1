using System.Buffers.Text;
using System.Text;

namespace SmtpProxy.Protocol;

/// <summary>Reads the parameters of MAIL or RCPT (RFC 5321 section 4.1.1.11).</summary>
internal ref struct ParameterReader(bool isMail, bool anyParameter)
{
    private readonly bool _isMail = isMail;
    private readonly bool _anyParameter = anyParameter;
    private uint _seen;

    public SmtpExtensions Required { get; private set; }

    public long Size { get; private set; } = -1;

    public BodyType Body { get; private set; }

    public EnvelopeStatus Read(ReadOnlySpan<byte> parameters)
    {
        while (!parameters.IsEmpty)
        {
            var end = parameters.IndexOfAny((byte)' ', (byte)'\t');
            var status = ReadOne(end < 0 ? parameters : parameters[..end]);
            if (status != EnvelopeStatus.Ok)
            {
                return status;
            }

            parameters = end < 0 ? default : parameters[end..].TrimStart(" \t"u8);
        }

        return EnvelopeStatus.Ok;
    }

    private EnvelopeStatus ReadOne(ReadOnlySpan<byte> parameter)
    {
        var equals = parameter.IndexOf((byte)'=');
        var keyword = equals < 0 ? parameter : parameter[..equals];
        var value = equals < 0 ? default : parameter[(equals + 1)..];
        var table = _isMail ? EnvelopeParameters.Mail : EnvelopeParameters.Recipient;
        for (var i = 0; i < table.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(keyword, table[i].Keyword.AsSpan()))
            {
                return Take(table[i], 1u << i, value, hasValue: equals >= 0);
            }
        }

        return !_anyParameter ? EnvelopeStatus.UnknownParameter : IsPrintable(parameter) ? EnvelopeStatus.Ok : EnvelopeStatus.BadParameter;
    }

    private EnvelopeStatus Take(EnvelopeParameter parameter, uint bit, ReadOnlySpan<byte> value, bool hasValue)
    {
        if ((_seen & bit) != 0)
        {
            return EnvelopeStatus.DuplicateParameter;
        }

        _seen |= bit;
        Required |= parameter.Requires;
        if (hasValue != parameter.HasValue || (hasValue && value.IsEmpty))
        {
            return EnvelopeStatus.BadParameter;
        }

        var isGood = parameter.Kind switch
        {
            ParameterKind.Size => TakeSize(value),
            ParameterKind.Body => TakeBody(value),
            ParameterKind.ReturnContent => Ascii.EqualsIgnoreCase(value, "FULL"u8) || Ascii.EqualsIgnoreCase(value, "HDRS"u8),
            ParameterKind.Mailbox => value.SequenceEqual("<>"u8) || Xtext.IsValid(value),
            ParameterKind.Xtext => Xtext.IsValid(value),
            ParameterKind.OriginalRecipient => IsOriginalRecipient(value),
            _ => IsPrintable(value),
        };
        return isGood ? EnvelopeStatus.Ok : EnvelopeStatus.BadParameter;
    }

    private bool TakeSize(ReadOnlySpan<byte> value)
    {
        if (value.Length > 20 || value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return false;
        }

        // RFC 1870 allows 20 digits; what does not fit in 63 bits is no size that anybody can mean.
        var isRead = Utf8Parser.TryParse(value, out long size, out var read) && read == value.Length;
        Size = isRead ? size : -1;
        return isRead;
    }

    private bool TakeBody(ReadOnlySpan<byte> value)
    {
        Body = Ascii.EqualsIgnoreCase(value, "7BIT"u8) ? BodyType.SevenBit
            : Ascii.EqualsIgnoreCase(value, "8BITMIME"u8) ? BodyType.EightBitMime
            : Ascii.EqualsIgnoreCase(value, "BINARYMIME"u8) ? BodyType.BinaryMime : BodyType.None;
        Required |= Body switch
        {
            // The parameter itself comes with 8BITMIME (RFC 6152 section 2), whatever its value.
            BodyType.SevenBit or BodyType.EightBitMime => SmtpExtensions.EightBitMime,
            // Only BDAT can carry it (RFC 3030 section 3).
            BodyType.BinaryMime => SmtpExtensions.BinaryMime | SmtpExtensions.Chunking,
            _ => SmtpExtensions.None,
        };
        return Body != BodyType.None;
    }

    private static bool IsOriginalRecipient(ReadOnlySpan<byte> value) =>
        value.IndexOf((byte)';') is > 0 and var at && IsPrintable(value[..at]) && Xtext.IsValid(value[(at + 1)..]);

    private static bool IsPrintable(ReadOnlySpan<byte> value) => value.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;
}
