using System.Text;

namespace SmtpProxy.Protocol;

/// <summary>Attributes of XCLIENT and XFORWARD by the names that a server lists them with (Postfix, XCLIENT_README and XFORWARD_README).</summary>
internal static class ClientAttributeKeywords
{
    private static readonly (byte[] Keyword, ClientAttributes Attribute)[] All =
    [
        ("NAME"u8.ToArray(), ClientAttributes.Name),
        ("REVERSE_NAME"u8.ToArray(), ClientAttributes.ReverseName),
        ("ADDR"u8.ToArray(), ClientAttributes.Address),
        ("PORT"u8.ToArray(), ClientAttributes.Port),
        ("PROTO"u8.ToArray(), ClientAttributes.Protocol),
        ("HELO"u8.ToArray(), ClientAttributes.Helo),
        ("LOGIN"u8.ToArray(), ClientAttributes.Login),
        ("DESTADDR"u8.ToArray(), ClientAttributes.DestinationAddress),
        ("DESTPORT"u8.ToArray(), ClientAttributes.DestinationPort),
        ("IDENT"u8.ToArray(), ClientAttributes.Ident),
        ("SOURCE"u8.ToArray(), ClientAttributes.Source),
    ];

    /// <summary>Reads the list behind the keyword of an EHLO line. Names that are not known are left out: they are never sent.</summary>
    public static ClientAttributes Parse(ReadOnlySpan<byte> list)
    {
        var attributes = ClientAttributes.None;
        foreach (var range in list.SplitAny((byte)' ', (byte)'\t'))
        {
            foreach (var (keyword, attribute) in All)
            {
                if (Ascii.EqualsIgnoreCase(list[range], keyword))
                {
                    attributes |= attribute;
                }
            }
        }

        return attributes;
    }
}
