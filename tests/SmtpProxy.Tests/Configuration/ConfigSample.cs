using System.Text.Json.Nodes;
using SmtpProxy.Configuration;
using Xunit;

namespace SmtpProxy.Tests.Configuration;

/// <summary>A small valid configuration that tests change one thing of, and a directory of its own for the files it names.</summary>
internal sealed class ConfigSample : IDisposable
{
    public const string Json = """
        { "SmtpProxy": {
            "Listeners": { "mx": { "Address": "127.0.0.1:2525", "Hostname": "mx.example.com" } },
            "Routes": { "default": { "ClusterId": "pool" } },
            "Clusters": { "pool": { "Destinations": {
                "mta1": { "Address": "127.0.0.1:2601" }, "mta2": { "Address": "mta2.example.com:25" } } } } } }
        """;

    public string Folder { get; } = Directory.CreateTempSubdirectory("smtpproxy-config-").FullName;

    public ConfigResult Parse(string json) => ConfigLoader.Parse(json, Folder);

    /// <summary>The sample with one key set to a JSON value.</summary>
    public ConfigResult With(string key, string value) => Parse(Set(Json, key, value));

    public string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public static string Set(string json, string key, string value)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        var names = key.Split(':');
        var section = root["SmtpProxy"]!.AsObject();
        foreach (var name in names[..^1])
        {
            if (section[name] is not JsonObject next)
            {
                section[name] = next = [];
            }

            section = next;
        }

        section[names[^1]] = JsonNode.Parse(value);
        return root.ToJsonString();
    }

    public static void AssertErrors(ConfigResult result, params string[] expected)
    {
        Assert.Equal(expected, result.Errors.Select(x => x.ToString()));
        Assert.Null(result.Config);
    }
}
