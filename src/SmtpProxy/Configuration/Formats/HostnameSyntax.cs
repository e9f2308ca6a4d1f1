using System.Buffers;

namespace SmtpProxy.Configuration.Formats;

/// <summary>Tells whether a text can stand where SMTP and DNS want a host name.</summary>
internal static class HostnameSyntax
{
    private const int MaxLength = 253;

    // The underscore is no letter of a host name, yet container platforms hand out names that have it.
    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>True for labels of letters, digits, hyphens and underscores that are separated by single dots.</summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= MaxLength
        && !name.AsSpan().ContainsAnyExcept(Letters)
        && name[0] is not ('.' or '-')
        && !name.Contains("..", StringComparison.Ordinal);
}
