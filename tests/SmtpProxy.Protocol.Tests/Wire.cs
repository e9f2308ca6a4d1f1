using System.Text;

namespace SmtpProxy.Protocol.Tests;

/// <summary>Octets as text and back: one character is one octet, so that a table can hold any of them.</summary>
internal static class Wire
{
    public static byte[] Octets(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>The octets of the text in UTF-8, one character each.</summary>
    public static string Utf8(string text) => Text(Encoding.UTF8.GetBytes(text));

    public static string Text(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);
}
