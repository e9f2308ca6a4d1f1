using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmtpProxy.Configuration.Schema.Kinds;

/// <summary>A list of texts; an error names the entry by its position.</summary>
internal sealed class ListKind(ScalarKind item) : ValueKind
{
    /// <inheritdoc/>
    public override string Type => "list";

    /// <inheritdoc/>
    public override string Allowed => $"[…] of {item.Allowed}";

    /// <inheritdoc/>
    public override bool TryRead(JsonElement json, KeyPath path, BindContext context, out object? value)
    {
        value = null;
        if (json.ValueKind != JsonValueKind.Array)
        {
            context.Errors.Add(path, Refuse(JsonText.Show(json)));
            return false;
        }

        var entries = new List<string>();
        foreach (var (index, element) in json.EnumerateArray().Index())
        {
            if (item.TryRead(element, At(path, index), context, out var entry))
            {
                entries.Add((string)entry!);
            }
        }

        // With an entry missing the positions of the others are wrong, and so would be the keys of further errors.
        value = entries;
        return entries.Count == json.GetArrayLength();
    }

    /// <inheritdoc/>
    public override void Check(object value, KeyPath path, ConfigErrors errors)
    {
        foreach (var (index, entry) in ((IReadOnlyList<string>)value).Index())
        {
            item.Check(entry, At(path, index), errors);
        }
    }

    /// <inheritdoc/>
    public override JsonNode Write(object value, SchemaReader reader) =>
        new JsonArray([.. ((IReadOnlyList<string>)value).Select(x => item.Write(x, reader))]);

    private static KeyPath At(KeyPath path, int index) => path.Item(index.ToString(CultureInfo.InvariantCulture));
}
