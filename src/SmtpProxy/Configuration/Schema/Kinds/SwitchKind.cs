using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmtpProxy.Configuration.Schema.Kinds;

/// <summary>True or false; also as texts, as .NET configuration has it.</summary>
internal sealed class SwitchKind : ScalarKind
{
    /// <inheritdoc/>
    public override string Type => "switch";

    /// <inheritdoc/>
    public override string Allowed => "true, false";

    /// <inheritdoc/>
    public override JsonNode Write(object value, SchemaReader reader) => JsonValue.Create((bool)value);

    /// <inheritdoc/>
    protected override object? Parse(JsonElement json, BindContext context) => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(json.GetString(), out var parsed) => parsed,
        _ => null,
    };
}
