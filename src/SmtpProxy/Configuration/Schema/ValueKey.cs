using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmtpProxy.Configuration.Schema.Kinds;

namespace SmtpProxy.Configuration.Schema;

/// <summary>A key that holds a value.</summary>
/// <param name="property">The property of the section's record.</param>
/// <param name="default">Its value in a new record: the initialisers of the record are the defaults, they are written once.</param>
/// <param name="kind">What values are like.</param>
/// <param name="meaning">What the key does.</param>
/// <param name="isRequired">True when there is no default.</param>
internal sealed class ValueKey(PropertyInfo property, object? @default, ValueKind kind, string meaning, bool isRequired) : ConfigKey(property)
{
    /// <summary>What values are like.</summary>
    public ValueKind Kind => kind;

    /// <summary>What the key does.</summary>
    public string Meaning => meaning;

    /// <summary>True when there is no default.</summary>
    public bool IsRequired => isRequired;

    /// <inheritdoc/>
    public override void Bind(object record, JsonElement? json, KeyPath path, BindContext context)
    {
        if (json is not { } element)
        {
            Property.SetValue(record, kind.Complete(@default, context));
        }
        else if (kind.TryRead(element, path, context, out var value))
        {
            Property.SetValue(record, value);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<ConfigValue> Read(object record, KeyPath path, SchemaReader reader)
    {
        var value = Property.GetValue(record);
        yield return new ConfigValue(path, this, value, Write(value, reader), Write(@default, reader));
    }

    /// <summary>Looks for what is wrong with a value, whether it was read from a file or set by code.</summary>
    public void Check(object? value, KeyPath path, ConfigErrors errors)
    {
        if (isRequired && value is null or "")
        {
            errors.Add(path, $"is required; allowed: {kind.Allowed}");
        }
        else if (value is not null)
        {
            kind.Check(value, path, errors);
        }
    }

    private JsonNode? Write(object? value, SchemaReader reader) => value is null ? null : kind.Write(value, reader);
}
