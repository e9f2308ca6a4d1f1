using System.Text.Json;
using SmtpProxy.Configuration.Rules;
using SmtpProxy.Configuration.Schema;
using SmtpProxy.Configuration.Schema.Tables;

namespace SmtpProxy.Configuration;

/// <summary>Loads and checks configurations. Bad content is a list of errors, never an exception, and never half a configuration.</summary>
public static class ConfigLoader
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Loads a file: JSON with comments.</summary>
    /// <param name="path">The file; paths in it are relative to its directory.</param>
    public static ConfigResult Load(string path)
    {
        try
        {
            var file = Path.GetFullPath(path);
            return Parse(File.ReadAllText(file), Path.GetDirectoryName(file)!, path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Failed(path, "the file does not exist");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Failed(path, $"the file cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads a text: JSON with comments.</summary>
    /// <param name="json">The text.</param>
    /// <param name="baseDirectory">The directory that paths in it are relative to.</param>
    public static ConfigResult Parse(string json, string baseDirectory) => Parse(json, baseDirectory, string.Empty);

    /// <summary>Checks a configuration that was made by code, and fills in its default route.</summary>
    /// <param name="config">The configuration; its paths are taken as they are.</param>
    public static ConfigResult Validate(ProxyConfig config) => Validate(config, new ConfigErrors());

    private static ConfigResult Parse(string json, string baseDirectory, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json.TrimStart('\uFEFF'), Options);
            var errors = new ConfigErrors();
            return Validate(Bind(document.RootElement, Path.GetFullPath(baseDirectory), errors), errors);
        }
        catch (JsonException e)
        {
            // The text of the exception ends with zero-based positions; people and editors count from one.
            var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            var reason = end < 0 ? e.Message : e.Message[..end];
            return Failed(source, $"invalid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {reason}");
        }
    }

    private static ProxyConfig Bind(JsonElement root, string baseDirectory, ConfigErrors errors)
    {
        const string Schema = "$schema";
        var top = JsonSection.Read(root, KeyPath.File, [KeyPath.Root, Schema], errors);
        if (errors.All.Count == 0 && !top.ContainsKey(KeyPath.Root))
        {
            errors.Add(KeyPath.Top, "the section is missing");
        }

        JsonElement? section = top.TryGetValue(KeyPath.Root, out var element) ? element : null;
        var config = (ProxyConfig)ProxyKeys.Proxy.Bind(section, KeyPath.Top, new BindContext(baseDirectory, errors));
        return config with { BaseDirectory = baseDirectory };
    }

    private static ConfigResult Validate(ProxyConfig config, ConfigErrors errors)
    {
        ConfigRules.Check(config, errors);
        return errors.All.Count > 0
            ? new ConfigResult(null, errors.All, [])
            : new ConfigResult(ConfigDefaults.Complete(config), [], ConfigWarnings.Find(config));
    }

    private static ConfigResult Failed(string source, string message) => new(null, [new ConfigError(source, message)], []);
}
