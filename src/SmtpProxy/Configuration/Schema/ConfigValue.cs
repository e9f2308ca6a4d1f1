using System.Text.Json.Nodes;

namespace SmtpProxy.Configuration.Schema;

/// <summary>One key of a configuration with the value it has there: what printing, checking and documenting work on.</summary>
/// <param name="Key">Where it stands.</param>
/// <param name="Description">What the key is.</param>
/// <param name="Value">The value.</param>
/// <param name="Json">The value as it would be written; null for none.</param>
/// <param name="Default">The default, likewise.</param>
internal sealed record ConfigValue(KeyPath Key, ValueKey Description, object? Value, JsonNode? Json, JsonNode? Default)
{
    /// <summary>True when writing the key would change nothing.</summary>
    public bool IsDefault => JsonNode.DeepEquals(Json, Default);
}
