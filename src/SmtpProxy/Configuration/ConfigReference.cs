using System.Text;
using System.Text.Json.Nodes;
using SmtpProxy.Configuration.Schema;
using SmtpProxy.Configuration.Schema.Tables;

namespace SmtpProxy.Configuration;

/// <summary>Writes the reference of all keys.</summary>
internal static class ConfigReference
{
    /// <summary>A table of all keys: key, type, default and meaning; a heading for each section.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder("# Configuration reference\n\nAll keys stand below `SmtpProxy`; upper and lower case are the same. ")
            .Append("A null is a default. Relative paths start from the directory of the configuration file.\n");
        foreach (var section in ProxyKeys.Template().GroupBy(x => SectionOf(x.Key.Path)))
        {
            text.Append("\n## ").Append(section.Key).Append("\n\n| Key | Type | Default | Meaning |\n| --- | --- | --- | --- |\n");
            foreach (var value in section)
            {
                text.Append(Row(value, section.Key));
            }
        }

        return text.ToString();
    }

    // Sections are as long as a screen: the tables of a listener and of its limits, not one per leaf.
    private static string SectionOf(string path)
    {
        var names = path.Split(':')[1..^1];
        return names.Length == 0 ? KeyPath.Root : string.Join(':', names);
    }

    private static string Row(ConfigValue value, string section)
    {
        var key = section == KeyPath.Root ? value.Description.Name : $"{section}:{value.Description.Name}";
        var kind = value.Description.Kind;
        return $"| `{key}` | {Escape(kind.Summary)} | {Default(value)} | {Escape(Meaning(value))} |\n";
    }

    private static string Default(ConfigValue value) => value switch
    {
        { Description.IsRequired: true } => "required",
        { Default: null } => "none",
        { Description.Name: nameof(ListenerConfig.Hostname) } => "the name of this host",
        { Default: JsonArray { Count: 0 } or JsonObject { Count: 0 } } => "empty",
        _ => $"`{Escape(value.Default.ToJsonString(JsonText.Readable).ReplaceLineEndings(" "))}`",
    };

    private static string Meaning(ConfigValue value) => UnbuiltFeatures.Find(value.Key.Pattern) switch
    {
        null => value.Description.Meaning,
        { Allowed: [] } => $"{value.Description.Meaning} **No effect in this version.**",
        { Allowed: var allowed } => $"{value.Description.Meaning} **In this version only {string.Join(", ", allowed)}.**",
    };

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
