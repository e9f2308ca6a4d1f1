using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;

namespace SmtpProxy.Configuration.Schema;

/// <summary>A key that holds sections under names which the operator gives.</summary>
internal sealed class MapKey<[DynamicallyAccessedMembers(SchemaMembers.OfRecord)] TItem>(PropertyInfo property, ConfigSchema<TItem> schema) : ConfigKey(property)
    where TItem : class, new()
{
    /// <inheritdoc/>
    public override IConfigSchema Schema => schema;

    /// <inheritdoc/>
    public override void Bind(object record, JsonElement? json, KeyPath path, BindContext context)
    {
        var items = new Dictionary<string, TItem>(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, element) in JsonSection.Read(json, path, known: null, context.Errors))
        {
            items[id] = (TItem)schema.Bind(element, path.Item(id), context);
        }

        Property.SetValue(record, items.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
    }

    /// <inheritdoc/>
    public override IEnumerable<ConfigValue> Read(object record, KeyPath path, SchemaReader reader)
    {
        if (reader.IsTemplate)
        {
            return schema.Read(new TItem(), path.Item(SchemaReader.TemplateId), reader);
        }

        return ((IReadOnlyDictionary<string, TItem>)Property.GetValue(record)!)
            .OrderBy(x => x.Key, StringComparer.Ordinal)
            .SelectMany(x => schema.Read(x.Value, path.Item(x.Key), reader));
    }
}
