using System.Buffers;
using System.Text;

namespace SmtpProxy.Protocol;

/// <summary>Lists of SASL mechanisms as EHLO has them: names in upper case with one blank between them (RFC 4954 section 3), null for none.
/// Lists are kept as one string, because servers of a pool mostly send the same one.</summary>
public static class SaslMechanisms
{
    // RFC 4422 section 3.1 knows of names up to this length; servers list a dozen.
    private const int MaxName = 20;
    private const int MaxNames = 32;

    private static readonly SearchValues<byte> NameOctets =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>True for what can be the name of a mechanism.</summary>
    public static bool IsName(ReadOnlySpan<byte> name) => name.Length is > 0 and <= MaxName && !name.ContainsAnyExcept(NameOctets);

    /// <summary>Adds the names in <paramref name="arguments"/> to a list. What is no name, or one too many, is left out.</summary>
    public static string? Add(string? list, ReadOnlySpan<byte> arguments)
    {
        foreach (var range in arguments.Split((byte)' '))
        {
            var name = arguments[range].Trim("\t="u8);
            if (!IsName(name))
            {
                continue;
            }

            var text = Encoding.ASCII.GetString(name).ToUpperInvariant();
            if (!Contains(list, text) && Count(list) < MaxNames)
            {
                list = list is null ? text : $"{list} {text}";
            }
        }

        return list;
    }

    /// <summary>The names that both lists have, in the order of the first.</summary>
    public static string? Intersect(string? one, string? other)
    {
        if (one is null || other is null)
        {
            return null;
        }

        if (string.Equals(one, other, StringComparison.Ordinal))
        {
            return one;
        }

        var common = new StringBuilder(one.Length);
        foreach (var range in one.AsSpan().Split(' '))
        {
            var name = one.AsSpan(range);
            if (Contains(other, name))
            {
                common.Append(common.Length == 0 ? "" : " ").Append(name);
            }
        }

        return common.Length == 0 ? null : common.ToString();
    }

    /// <summary>The names of a list that a relay can serve.</summary>
    public static string? Relayable(string? list)
    {
        foreach (var range in list.AsSpan().Split(' '))
        {
            if (!IsRelayable(list.AsSpan(range)))
            {
                return string.Join(' ', list!.Split(' ').Where(static name => IsRelayable(name))) is { Length: > 0 } rest ? rest : null;
            }
        }

        return list;
    }

    /// <summary>False for what proves something about the connection itself: to the server that is the relay's connection, not the client's. EXTERNAL
    /// would log a stranger in as the relay (RFC 4422 appendix A), and channel binding must fail (RFC 5802 section 6).</summary>
    public static bool IsRelayable(ReadOnlySpan<char> name) =>
        !name.Equals("EXTERNAL", StringComparison.OrdinalIgnoreCase) && !name.EndsWith("-PLUS", StringComparison.OrdinalIgnoreCase);

    /// <summary>True when the list has the name, in whatever case.</summary>
    public static bool Contains(string? list, ReadOnlySpan<char> name)
    {
        foreach (var range in list.AsSpan().Split(' '))
        {
            if (list.AsSpan(range).Equals(name, StringComparison.OrdinalIgnoreCase) && !name.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    private static int Count(string? list) => list is null ? 0 : list.AsSpan().Count(' ') + 1;
}
