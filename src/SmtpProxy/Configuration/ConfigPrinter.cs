using System.Text.Json.Nodes;
using SmtpProxy.Configuration.Schema;
using SmtpProxy.Configuration.Schema.Tables;

namespace SmtpProxy.Configuration;

/// <summary>Writes configurations.</summary>
internal static class ConfigPrinter
{
    /// <summary>What differs from the defaults, as a configuration file; loading it gives the same configuration.</summary>
    public static string Diff(ProxyConfig config)
    {
        var root = new JsonObject { [KeyPath.Root] = new JsonObject() };
        foreach (var value in ProxyKeys.Read(config).Where(x => !x.IsDefault))
        {
            // A null in a file means "default": the one difference that cannot be written is a text cleared by code.
            Place(root, value.Key.Path.Split(':'), value.Json);
        }

        return root.ToJsonString(JsonText.Readable);
    }

    private static void Place(JsonObject root, string[] path, JsonNode? json)
    {
        var section = root;
        foreach (var name in path[..^1])
        {
            if (section[name] is not JsonObject next)
            {
                section[name] = next = [];
            }

            section = next;
        }

        section[path[^1]] = json?.DeepClone();
    }
}
