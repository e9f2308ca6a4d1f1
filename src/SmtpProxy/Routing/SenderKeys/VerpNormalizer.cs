using SmtpProxy.Configuration;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>Return paths that carry the recipient or a serial number (variable envelope return paths) count as their stem:
/// Mailman's <c>list-bounces+user=domain</c>, ezmlm's <c>list-return-123-user=domain</c>, LISTSERV's <c>owner-list*user**domain</c>,
/// <c>bounce-12345-user=domain</c>, Mailgun's <c>bounce+hash.more-user=domain</c>, and the wholly random paths of Amazon SES.</summary>
internal sealed class VerpNormalizer : ISenderNormalizer
{
    /// <summary>Stands for a local part of which nothing is constant.</summary>
    private const string AllRandom = "*";

    private static readonly string[] Markers = ["bounce", "bounces", "return", "returns"];

    public string Name => SenderNormalizers.Verp;

    public bool TryStrip(ref SenderParts sender)
    {
        var localPart = sender.LocalPart;
        if (SrsNormalizer.IsRewritten(localPart))
        {
            return false;
        }

        if (SesPath.IsMatch(localPart))
        {
            sender.LocalPart = AllRandom;
            return true;
        }

        var stem = StemLength(localPart);
        if (stem <= 0)
        {
            return false;
        }

        sender.LocalPart = localPart[..stem];
        return true;
    }

    private static int StemLength(ReadOnlySpan<char> localPart)
    {
        var plus = localPart.IndexOf('+');
        if (plus > 0 && localPart[plus..].Contains('='))
        {
            return plus;
        }

        var star = localPart.IndexOf('*');
        if (star > 0 && localPart[star..].Contains("**", StringComparison.Ordinal))
        {
            return star;
        }

        var marker = MarkerLength(localPart);
        return marker > 0 ? marker : DashedLength(localPart);
    }

    /// <summary>Length up to and with a word that says "bounces come here", when something variable follows it.</summary>
    private static int MarkerLength(ReadOnlySpan<char> localPart)
    {
        for (var start = 0; start < localPart.Length;)
        {
            var length = localPart[start..].IndexOfAny('-', '+');
            if (length < 0)
            {
                return 0;
            }

            var end = start + length;
            if (IsMarker(localPart[start..end]) && IsVariable(localPart[(end + 1)..]))
            {
                return end;
            }

            start = end + 1;
        }

        return 0;
    }

    /// <summary>Length before <c>-12345-user=domain</c>, or before <c>-user=domain</c>.</summary>
    private static int DashedLength(ReadOnlySpan<char> localPart)
    {
        var equals = localPart.IndexOf('=');
        if (equals <= 0 || !IsHost(localPart[(equals + 1)..]))
        {
            return 0;
        }

        var head = localPart[..equals];
        for (var dash = head.IndexOf('-'); dash >= 0;)
        {
            var length = head[(dash + 1)..].IndexOf('-');
            if (length < 0)
            {
                return dash;
            }

            if (length > 0 && !head.Slice(dash + 1, length).ContainsAnyExceptInRange('0', '9'))
            {
                return dash;
            }

            dash += length + 1;
        }

        return 0;
    }

    private static bool IsMarker(ReadOnlySpan<char> word)
    {
        foreach (var marker in Markers)
        {
            if (word.Equals(marker, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsVariable(ReadOnlySpan<char> tail) => tail.Contains('=') || tail.ContainsAnyInRange('0', '9');

    private static bool IsHost(ReadOnlySpan<char> text)
    {
        foreach (var unit in text)
        {
            if (!char.IsLetterOrDigit(unit) && unit is not ('.' or '-'))
            {
                return false;
            }
        }

        return text.IndexOf('.') > 0;
    }
}
