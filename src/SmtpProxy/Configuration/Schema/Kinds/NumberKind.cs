using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmtpProxy.Configuration.Schema.Kinds;

/// <summary>A whole number within bounds; also as a text, as .NET configuration has it.</summary>
internal sealed class NumberKind(int min, int max) : ScalarKind
{
    /// <inheritdoc/>
    public override string Type => "number in range";

    /// <inheritdoc/>
    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"{min} to {max}");

    /// <inheritdoc/>
    public override string Summary => $"number: {Allowed}";

    /// <inheritdoc/>
    public override JsonNode Write(object value, SchemaReader reader) => JsonValue.Create((int)value);

    /// <inheritdoc/>
    protected override object? Parse(JsonElement json, BindContext context) => json.ValueKind switch
    {
        JsonValueKind.Number when json.TryGetInt32(out var number) => number,
        JsonValueKind.String when int.TryParse(
            json.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) => parsed,
        _ => null,
    };

    /// <inheritdoc/>
    protected override bool IsAllowed(object value) => (int)value >= min && (int)value <= max;
}
