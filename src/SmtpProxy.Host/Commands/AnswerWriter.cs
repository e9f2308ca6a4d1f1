using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SmtpProxy.Host.Commands;

/// <summary>Writes an answer as columns or as JSON.</summary>
internal sealed class AnswerWriter(TextWriter output, bool asJson)
{
    /// <summary>Writes <paramref name="document"/> itself, or what <paramref name="asText"/> makes of it.</summary>
    public void Write<T>(T document, JsonTypeInfo<T> type, Action<T, TextWriter> asText)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(document, type));
        }
        else
        {
            asText(document, output);
        }
    }

    /// <summary>Writes rows in columns as wide as their widest cell; the first row holds the headings.</summary>
    public static void WriteColumns(TextWriter output, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
