using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using SmtpProxy.Infrastructure;

namespace SmtpProxy.Host.Admin;

/// <summary>Reads addresses out of URLs. The server's own decoding leaves %2F alone and mangles octets that are not UTF-8; a sender may
/// contain both, so the request is read as it came.</summary>
internal static class PercentText
{
    /// <summary>Decodes percent escapes to octets and those to text as the session does with MAIL. A plus sign is a plus sign.</summary>
    public static bool TryDecode(ReadOnlySpan<char> encoded, [NotNullWhen(true)] out string? text)
    {
        var octets = new ArrayBufferWriter<byte>(encoded.Length + 1);
        while (!encoded.IsEmpty)
        {
            var escape = encoded.IndexOf('%');
            var plain = escape < 0 ? encoded : encoded[..escape];
            Encoding.UTF8.GetBytes(plain, octets);
            if (escape < 0)
            {
                break;
            }

            if (encoded.Length < escape + 3
                || !byte.TryParse(encoded.Slice(escape + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                text = null;
                return false;
            }

            octets.Write([octet]);
            encoded = encoded[(escape + 3)..];
        }

        text = WireText.Decode(octets.WrittenSpan);
        return true;
    }

    /// <summary>The last segment of the path of a request target.</summary>
    public static ReadOnlySpan<char> LastSegment(string target)
    {
        var path = target.AsSpan();
        var query = path.IndexOf('?');
        path = (query < 0 ? path : path[..query]).TrimEnd('/');
        return path[(path.LastIndexOf('/') + 1)..];
    }

    /// <summary>The value of a parameter in the query of a request target; null when it is absent.</summary>
    public static string? FindParameter(string target, string name)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var rest = query < 0 ? default : target.AsSpan(query + 1);
        foreach (var range in rest.Split('&'))
        {
            var pair = rest[range];
            var equals = pair.IndexOf('=');
            if (equals >= 0 && pair[..equals].Equals(name, StringComparison.Ordinal))
            {
                return pair[(equals + 1)..].ToString();
            }
        }

        return null;
    }
}
