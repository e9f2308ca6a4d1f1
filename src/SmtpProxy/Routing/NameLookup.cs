using System.Collections.Frozen;

namespace SmtpProxy.Routing;

/// <summary>Registers implementations by their names, regardless of case.</summary>
internal static class NameLookup
{
    /// <summary>Two implementations of one name are a fault of the registration: which one wins would be left to chance.</summary>
    public static FrozenDictionary<string, T> Create<T>(IEnumerable<T> items, Func<T, string> nameOf)
        where T : class
    {
        var byName = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in items)
        {
            if (!byName.TryAdd(nameOf(item), item))
            {
                throw new ArgumentException($"More than one {typeof(T).Name} is called '{nameOf(item)}'.", nameof(items));
            }
        }

        return byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    public static T Get<T>(FrozenDictionary<string, T> byName, string name, string kind) =>
        byName.TryGetValue(name, out var item)
            ? item
            : throw new InvalidOperationException($"No {kind} is called '{name}'; known: {Known(byName.Keys)}.");

    private static string Known(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));
}
