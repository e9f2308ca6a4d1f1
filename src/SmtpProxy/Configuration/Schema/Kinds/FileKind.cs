using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmtpProxy.Configuration.Schema.Kinds;

/// <summary>The path of a file; made absolute while it is read, so that nobody after the loader needs to know the directory.</summary>
internal sealed class FileKind(bool mustExist) : ScalarKind
{
    /// <inheritdoc/>
    public override string Type => "file";

    /// <inheritdoc/>
    public override string Allowed => mustExist ? "the path of a readable file that is not empty" : "a path";

    /// <inheritdoc/>
    public override object? Complete(object? value, BindContext context) => value is string { Length: > 0 } path ? Resolve(path, context) : value;

    /// <inheritdoc/>
    public override void Check(object value, KeyPath path, ConfigErrors errors)
    {
        if (Problem((string)value) is { } problem)
        {
            errors.Add(path, $"{JsonText.Show(Show(value))} {problem}; allowed: {Allowed}");
        }
    }

    /// <inheritdoc/>
    public override JsonNode Write(object value, SchemaReader reader)
    {
        var path = (string)value;
        if (reader.BaseDirectory is not { } directory)
        {
            return JsonValue.Create(path);
        }

        var relative = Path.GetRelativePath(directory, Path.Combine(directory, path));
        return JsonValue.Create(relative.StartsWith("..", StringComparison.Ordinal) ? path : relative);
    }

    /// <inheritdoc/>
    protected override object? Parse(JsonElement json, BindContext context) =>
        TextOf(json) is { Length: > 0 } path && !path.Contains('\0') ? Resolve(path, context) : null;

    private static string Resolve(string path, BindContext context) => Path.GetFullPath(Path.Combine(context.BaseDirectory, path));

    private string? Problem(string path)
    {
        if (!mustExist)
        {
            return Directory.Exists(path) ? "is a directory" : null;
        }

        try
        {
            using var handle = File.OpenHandle(path);
            return RandomAccess.GetLength(handle) == 0 ? "is empty" : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "does not exist";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return "cannot be read";
        }
    }
}
