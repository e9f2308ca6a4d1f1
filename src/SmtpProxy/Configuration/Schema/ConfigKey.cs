using System.Reflection;
using System.Text.Json;

namespace SmtpProxy.Configuration.Schema;

/// <summary>One key of a section: the property of the record it sets, and how.</summary>
internal abstract class ConfigKey(PropertyInfo property)
{
    /// <summary>The name of the key: that of its property.</summary>
    public string Name => Property.Name;

    /// <summary>The keys below this one; null when it holds a value.</summary>
    public virtual IConfigSchema? Schema => null;

    /// <summary>The property of the section's record.</summary>
    protected PropertyInfo Property { get; } = property;

    /// <summary>Sets the property of a record that is being built.</summary>
    /// <param name="record">The record, not handed out yet.</param>
    /// <param name="json">What stands there; null when the key is missing or null.</param>
    /// <param name="path">Where.</param>
    /// <param name="context">Takes the errors.</param>
    public abstract void Bind(object record, JsonElement? json, KeyPath path, BindContext context);

    /// <summary>The key, or all keys below it, with their values in a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="path">The path of this key.</param>
    /// <param name="reader">How to read.</param>
    public abstract IEnumerable<ConfigValue> Read(object record, KeyPath path, SchemaReader reader);
}
