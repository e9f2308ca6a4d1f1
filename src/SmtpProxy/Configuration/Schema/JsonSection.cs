using System.Text.Json;
using SmtpProxy.Configuration.Formats;

namespace SmtpProxy.Configuration.Schema;

/// <summary>Reads the keys of a JSON object the way .NET configuration does: without regard to case, and null is absent.</summary>
internal static class JsonSection
{
    /// <summary>The entries of an object; anything but an object is an error.</summary>
    /// <param name="json">The element; null: no entries.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="known">The keys that are allowed; null: any.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static Dictionary<string, JsonElement> Read(JsonElement? json, KeyPath path, IEnumerable<string>? known, ConfigErrors errors)
    {
        var entries = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        if (json is not { } element)
        {
            return entries;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add(path, $"{JsonText.Show(element)} is not a section; allowed: {{ … }}");
            return entries;
        }

        var names = known?.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in element.EnumerateObject())
        {
            if (names is not null && !names.Contains(entry.Name))
            {
                errors.Add(path.Child(JsonText.Shorten(entry.Name)), Unknown(entry.Name, names));
            }
            else if (!entries.TryAdd(entry.Name, entry.Value))
            {
                errors.Add(path.Child(JsonText.Shorten(entry.Name)), "is given twice; upper and lower case are the same");
            }
        }

        foreach (var absent in entries.Where(x => x.Value.ValueKind == JsonValueKind.Null).Select(x => x.Key).ToArray())
        {
            entries.Remove(absent);
        }

        return entries;
    }

    private static string Unknown(string name, IEnumerable<string> known) => NearestName.Find(name, known) is { } nearest
        ? $"unknown key; did you mean '{nearest}'?"
        : $"unknown key; allowed: {string.Join(", ", known)}";
}
