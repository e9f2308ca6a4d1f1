using System.Collections.Frozen;

namespace SmtpProxy.Routing;

/// <summary>Positions of routes by one kind of sender pattern, ascending.</summary>
internal sealed class RouteIndex
{
    private readonly FrozenDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _byText;

    public RouteIndex(IReadOnlyList<RouteMatcher> matchers, SenderPatternKind kind)
    {
        var byText = new Dictionary<string, SortedSet<int>>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < matchers.Count; i++)
        {
            foreach (var pattern in matchers[i].Patterns)
            {
                if (pattern.Kind == kind)
                {
                    byText.TryAdd(pattern.Text, []);
                    byText[pattern.Text].Add(i);
                }
            }
        }

        _byText = byText
            .ToFrozenDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public ReadOnlySpan<int> Find(ReadOnlySpan<char> text) => _byText.TryGetValue(text, out var positions) ? positions : default;
}
