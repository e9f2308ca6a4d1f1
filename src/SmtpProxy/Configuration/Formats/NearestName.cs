namespace SmtpProxy.Configuration.Formats;

/// <summary>Finds the known name that a mistyped one was meant to be.</summary>
internal static class NearestName
{
    private const int MaxLength = 100;

    /// <summary>The closest of the names by edit distance, ignoring case; null when none is close enough to be meant.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        if (name.Length > MaxLength)
        {
            return null;
        }

        var best = known.Select(x => (Name: x, Distance: Distance(name.ToUpperInvariant(), x.ToUpperInvariant())))
            .OrderBy(x => x.Distance).ThenBy(x => x.Name, StringComparer.Ordinal).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, best.Name.Length / 3) && best.Distance < best.Name.Length
            ? best.Name
            : null;
    }

    // Edits are insertion, removal, replacement and the swap of neighbours, the commonest slip of all.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var least = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                rows[i, j] = swapped ? Math.Min(least, rows[i - 2, j - 2] + 1) : least;
            }
        }

        return rows[a.Length, b.Length];
    }
}
