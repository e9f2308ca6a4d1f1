using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmtpProxy.TestKit.Cases;

/// <summary>Reads a text, or a list of texts as one with a line for each.</summary>
internal sealed class ListAsText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.StartArray
            ? string.Join('\n', JsonSerializer.Deserialize<string[]>(ref reader, options)!)
            : reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
