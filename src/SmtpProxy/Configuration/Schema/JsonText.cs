using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SmtpProxy.Configuration.Schema;

/// <summary>Shows what stands in a file within a message: on one line and short.</summary>
internal static class JsonText
{
    private const int MaxLength = 200;

    /// <summary>How JSON is written for people to read.</summary>
    public static JsonSerializerOptions Readable { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A value: texts in quotes, sections and lists as <c>{…}</c> and <c>[…]</c>.</summary>
    public static string Show(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{…}",
        JsonValueKind.Array => "[…]",
        JsonValueKind.String => Show(element.GetString()!),
        _ => Shorten(element.GetRawText()),
    };

    /// <summary>A text in quotes.</summary>
    public static string Show(string text) => $"'{Shorten(text)}'";

    /// <summary>A text of bounded length without control characters.</summary>
    public static string Shorten(string text)
    {
        var result = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            result.Append(char.IsControl(c) ? '?' : c);
        }

        return text.Length > MaxLength ? result.Append('…').ToString() : result.ToString();
    }
}
