using System.Buffers;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>The return paths of Amazon SES: <c>0100018b2c3d4e5f-uuid-000000</c>, another one for each message.</summary>
internal static class SesPath
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly int[] Groups = [16, 8, 4, 4, 4, 12, 6];

    public static bool IsMatch(ReadOnlySpan<char> localPart)
    {
        var rest = localPart;
        foreach (var length in Groups)
        {
            if (rest.Length < length || rest[..length].ContainsAnyExcept(HexDigits))
            {
                return false;
            }

            rest = rest[length..];
            if (rest.IsEmpty || rest[0] != '-')
            {
                return rest.IsEmpty && length == Groups[^1];
            }

            rest = rest[1..];
        }

        return false;
    }
}
