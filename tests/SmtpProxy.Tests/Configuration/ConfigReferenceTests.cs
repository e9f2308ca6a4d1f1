using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SmtpProxy.Configuration;
using SmtpProxy.Configuration.Schema;
using SmtpProxy.Configuration.Schema.Tables;
using Xunit;

namespace SmtpProxy.Tests.Configuration;

public sealed class ConfigReferenceTests
{
    [Fact]
    public void Markdown_EveryKeyOfTheRecords_HasARow()
    {
        var reference = ConfigReference.Markdown();
        var keys = Leaves(typeof(ProxyConfig), string.Empty).ToArray();

        Assert.True(keys.Length > 100, "the walk over the records found too little");
        Assert.All(keys, x => Assert.Contains($"| `{x}` |", reference, StringComparison.Ordinal));
        Assert.Equal(keys.Length, ProxyKeys.Template().Count());
    }

    [Fact]
    public void Markdown_Row_TellsTypeDefaultAndMeaning()
    {
        var reference = ConfigReference.Markdown();

        Assert.Contains(
            "| `Clusters:{name}:Connection:PoolSize` | number: 0 to 1000000 | `32` "
                + "| Idle connections kept for each destination; 0: a connection each. |\n",
            reference, StringComparison.Ordinal);
        Assert.Contains(
            "| `Listeners:{name}:Address` | listen address: 127.0.0.1:25, [::1]:25, *:25, localhost:25 | required |",
            reference, StringComparison.Ordinal);
        Assert.Contains(
            "| `Ledger:Enabled` | switch: true, false | `false` | Suppress duplicates. **In this version only false.** |",
            reference, StringComparison.Ordinal);
    }

    [Fact]
    public void Template_Meaning_IsWhatTheRecordSays()
    {
        var comments = XDocument.Load(Path.ChangeExtension(typeof(ProxyConfig).Assembly.Location, ".xml")).Descendants("member")
            .Where(x => x.Element("summary") is not null).ToDictionary(x => x.Attribute("name")!.Value, x => x.Element("summary")!);

        Assert.All(Values(ProxyKeys.Proxy, typeof(ProxyConfig)), x => Assert.StartsWith(
            x.Key.Meaning, Plain(comments[$"P:{x.Record.FullName}.{x.Key.Name}"]), StringComparison.Ordinal));
    }

    [Fact]
    public void UnbuiltFeatures_EachRow_NamesAKey()
    {
        var patterns = ProxyKeys.Template().Select(x => x.Key.Pattern).ToHashSet();

        Assert.All(UnbuiltFeatures.All, x => Assert.Contains(x.Pattern, patterns));
    }

    private static IEnumerable<string> Leaves(Type record, string prefix)
    {
        foreach (var property in Properties(record))
        {
            var path = prefix + property.Name;
            var item = Item(property.PropertyType);
            var leaves = item is null ? [path]
                : item == property.PropertyType ? Leaves(item, $"{path}:")
                : Leaves(item, $"{path}:{SchemaReader.TemplateId}:");
            foreach (var leaf in leaves)
            {
                yield return leaf;
            }
        }
    }

    private static IEnumerable<(Type Record, ValueKey Key)> Values(IConfigSchema schema, Type record)
    {
        // What a destination overrides is documented by the key it overrides.
        var leaves = record == typeof(ConnectionOverrides) ? [] : schema.Keys.OfType<ValueKey>().Select(x => (record, x));
        return leaves.Concat(schema.Keys.Where(x => x is not ValueKey)
            .SelectMany(x => Values(x.Schema!, Item(record.GetProperty(x.Name)!.PropertyType)!)));
    }

    private static IEnumerable<PropertyInfo> Properties(Type record) => record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(x => x.CanWrite && x.Name != nameof(ProxyConfig.BaseDirectory));

    // The record of a section or of a dictionary's entries; null for a value.
    private static Type? Item(Type type)
    {
        var isMap = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>);
        var item = isMap ? type.GetGenericArguments()[1] : type;
        return item.Namespace == typeof(ProxyConfig).Namespace && item.IsClass ? item : null;
    }

    private static string Plain(XElement summary) => Regex.Replace(
        string.Concat(summary.Nodes().Select(x => x switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement see => $"`{see.Attribute("cref")!.Value.Split('.')[^1]}`",
            _ => x is XText text ? text.Value : string.Empty,
        })),
        @"\s+", " ").Trim();
}
