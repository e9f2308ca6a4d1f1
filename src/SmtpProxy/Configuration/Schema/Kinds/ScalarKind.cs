using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmtpProxy.Configuration.Schema.Kinds;

/// <summary>A value that stands alone.</summary>
internal abstract class ScalarKind : ValueKind
{
    /// <inheritdoc/>
    public sealed override bool TryRead(JsonElement json, KeyPath path, BindContext context, out object? value)
    {
        value = Parse(json, context);
        if (value is null)
        {
            context.Errors.Add(path, Refuse(JsonText.Show(json)));
        }

        return value is not null;
    }

    /// <inheritdoc/>
    public override void Check(object value, KeyPath path, ConfigErrors errors)
    {
        if (!IsAllowed(value))
        {
            errors.Add(path, Refuse(JsonText.Show(Show(value))));
        }
    }

    /// <inheritdoc/>
    public override JsonNode Write(object value, SchemaReader reader) => JsonValue.Create(Show(value));

    /// <summary>Reads a value of the right type; null when it is none.</summary>
    protected abstract object? Parse(JsonElement json, BindContext context);

    /// <summary>The value as a text.</summary>
    protected virtual string Show(object value) => value.ToString() ?? string.Empty;

    /// <summary>True when a value of the right type is allowed.</summary>
    protected virtual bool IsAllowed(object value) => true;

    /// <summary>The text that a JSON string holds; null when it is none.</summary>
    protected static string? TextOf(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString() : null;
}
