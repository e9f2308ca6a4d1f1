using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SmtpProxy.TestKit.Wire;

/// <summary>The text form of octets: Latin-1, with escapes for those that do not print.</summary>
public static partial class Octets
{
    private const int ShownLimit = 160;

    /// <summary>The octets that a text with the escapes <c>\r \n \t \0 \\ \xHH</c> stands for.</summary>
    public static byte[] Parse(string text) => Encoding.Latin1.GetBytes(Escape().Replace(text, Decode));

    /// <summary>Octets as the Latin-1 text that patterns are matched against.</summary>
    public static string TextOf(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);

    /// <summary>The octets of a Latin-1 text, without escapes.</summary>
    public static byte[] OfText(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>The octets, repeated.</summary>
    public static byte[] Repeat(ReadOnlySpan<byte> octets, int times)
    {
        var all = new byte[octets.Length * times];
        for (var at = 0; at < all.Length; at += octets.Length)
        {
            octets.CopyTo(all.AsSpan(at));
        }

        return all;
    }

    /// <summary>Octets for a message to a human: escaped, the middle of a long text left out.</summary>
    public static string Shown(ReadOnlySpan<byte> octets)
    {
        var text = new StringBuilder();
        foreach (var octet in octets.Length <= ShownLimit ? octets : octets[..(ShownLimit / 2)])
        {
            AppendEscaped(text, octet);
        }

        if (octets.Length > ShownLimit)
        {
            text.Append(CultureInfo.InvariantCulture, $"…({octets.Length} octets)…");
            foreach (var octet in octets[^(ShownLimit / 2)..])
            {
                AppendEscaped(text, octet);
            }
        }

        return text.ToString();
    }

    private static void AppendEscaped(StringBuilder text, byte octet) => _ = octet switch
    {
        (byte)'\r' => text.Append("\\r"),
        (byte)'\n' => text.Append("\\n"),
        (byte)'\t' => text.Append("\\t"),
        (byte)'\\' => text.Append("\\\\"),
        < 0x20 or > 0x7e => text.Append("\\x").Append(octet.ToString("x2", CultureInfo.InvariantCulture)),
        _ => text.Append((char)octet),
    };

    private static string Decode(Match escape) => escape.Groups[1].Value switch
    {
        "r" => "\r",
        "n" => "\n",
        "t" => "\t",
        "0" => "\0",
        "\\" => "\\",
        _ => ((char)int.Parse(escape.Groups[2].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString(),
    };

    [GeneratedRegex(@"\\(?:([rnt0\\])|x([0-9A-Fa-f]{2}))")]
    private static partial Regex Escape();
}
