using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SmtpProxy.TestKit.Cases;

/// <summary>Fills the holes <c>{{NAME}}</c> in the strings of a case.</summary>
internal static partial class Substitution
{
    /// <summary>A copy with all holes filled. A string that is one hole takes the value with its type.</summary>
    public static JsonNode? Fill(JsonNode? node, JsonObject values) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Fill(field.Value, values)))),
        JsonArray items => new JsonArray([.. items.Select(item => Fill(item, values))]),
        JsonValue value when value.TryGetValue<string>(out var text) => FillText(text, values),
        _ => node?.DeepClone(),
    };

    private static JsonNode FillText(string text, JsonObject values)
    {
        var whole = Hole().Match(text);
        if (whole.Success && whole.Length == text.Length && values[whole.Groups[1].Value] is { } value)
        {
            return value.DeepClone();
        }

        return Hole().Replace(text, hole => values[hole.Groups[1].Value]?.ToString() ?? hole.Value);
    }

    [GeneratedRegex(@"\{\{([A-Z0-9_]+)\}\}")]
    private static partial Regex Hole();
}
