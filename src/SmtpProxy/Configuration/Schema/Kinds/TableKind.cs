using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmtpProxy.Configuration.Schema.Kinds;

/// <summary>Values under names that the operator gives.</summary>
internal sealed class TableKind<TValue>(ValueKind item) : ValueKind
    where TValue : class
{
    /// <inheritdoc/>
    public override string Type => "table";

    /// <inheritdoc/>
    public override string Allowed => $"{{ \"name\": … }} with {item.Allowed}";

    /// <inheritdoc/>
    public override bool TryRead(JsonElement json, KeyPath path, BindContext context, out object? value)
    {
        var entries = new Dictionary<string, TValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, element) in JsonSection.Read(json, path, known: null, context.Errors))
        {
            if (item.TryRead(element, path.Item(name), context, out var entry))
            {
                entries[name] = (TValue)entry!;
            }
        }

        value = entries.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        return true;
    }

    /// <inheritdoc/>
    public override void Check(object value, KeyPath path, ConfigErrors errors)
    {
        foreach (var (name, entry) in (IReadOnlyDictionary<string, TValue>)value)
        {
            item.Check(entry, path.Item(name), errors);
        }
    }

    /// <inheritdoc/>
    public override JsonNode Write(object value, SchemaReader reader)
    {
        var json = new JsonObject();
        foreach (var (name, entry) in ((IReadOnlyDictionary<string, TValue>)value).OrderBy(x => x.Key, StringComparer.Ordinal))
        {
            json[name] = item.Write(entry, reader);
        }

        return json;
    }
}
