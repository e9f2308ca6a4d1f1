using System.Reflection;
using System.Text.Json;

namespace SmtpProxy.Configuration.Schema;

/// <summary>A key that holds a section with keys of its own.</summary>
internal sealed class SectionKey(PropertyInfo property, IConfigSchema schema) : ConfigKey(property)
{
    /// <inheritdoc/>
    public override IConfigSchema Schema => schema;

    /// <inheritdoc/>
    public override void Bind(object record, JsonElement? json, KeyPath path, BindContext context) =>
        Property.SetValue(record, schema.Bind(json, path, context));

    /// <inheritdoc/>
    public override IEnumerable<ConfigValue> Read(object record, KeyPath path, SchemaReader reader) =>
        schema.Read(Property.GetValue(record)!, path, reader);
}
