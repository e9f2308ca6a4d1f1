using System.Text.RegularExpressions;
using Xunit;

namespace SmtpProxy.ArchitectureTests;

/// <summary>Data flows one way: a folder of the library uses lower rows only, never its own row and never upward.</summary>
public sealed partial class FolderDirectionTests
{
    private static readonly Dictionary<string, int> Rows = new(StringComparer.Ordinal)
    {
        ["Hosting"] = 5,
        ["Sessions"] = 4,
        ["Management"] = 4,
        ["Connections"] = 3,
        ["Routing"] = 3,
        ["Affinity"] = 3,
        ["Backends"] = 3,
        ["Relay"] = 3,
        ["Accounting"] = 3,
        ["Health"] = 3,
        ["Ledger"] = 3,
        ["Model"] = 2,
        ["Configuration"] = 1,
        ["Infrastructure"] = 0,
        ["Protocol"] = -1,
    };

    [Fact]
    public void Library_EveryFolder_HasARow()
    {
        var folders = Repository.Sources("src/SmtpProxy").Select(static file => file.TopFolder).Distinct();

        Violations.AssertNone(folders.Except(Rows.Keys));
    }

    [Fact]
    public void Library_EveryFile_UsesLowerRowsOnly()
    {
        var files = Repository.Sources("src/SmtpProxy").ToList();
        var types = files.ToLookup(static file => file.TopFolder, static file => Path.GetFileNameWithoutExtension(file.Path));

        var violations =
            from file in files
            from used in Uses(file, types).Distinct()
            where used != file.TopFolder && (!Rows.TryGetValue(used, out var row) || row >= Rows.GetValueOrDefault(file.TopFolder))
            select $"{file.Path} uses SmtpProxy.{used}";

        Violations.AssertNone(violations);
    }

    [Fact]
    public void Protocol_EveryFile_UsesNothingOfTheProduct()
    {
        var violations =
            from file in Repository.Sources("src/SmtpProxy.Protocol")
            from Match match in Qualified().Matches(file.Code)
            where match.Groups[1].Value != "Protocol"
            select $"{file.Path}: {match.Value}";

        Violations.AssertNone(violations);
    }

    [Fact]
    public void Sources_EveryFile_HasTheNamespaceOfItsFolder()
    {
        var violations =
            from file in Repository.Sources("src")
            let match = Namespace().Match(file.Code)
            where match.Success && !match.Groups[1].Value.StartsWith("Microsoft.", StringComparison.Ordinal)
            let expected = Path.GetDirectoryName(file.Path)!.Replace('\\', '/')["src/".Length..].Replace('/', '.')
            where match.Groups[1].Value != expected
            select $"{file.Path}: {match.Groups[1].Value} instead of {expected}";

        Violations.AssertNone(violations);
    }

    [Fact]
    public void Projects_UsingItems_DoNotHideNamespacesOfTheProduct()
    {
        var violations = Repository.Files("*.csproj", "src")
            .Where(static path => File.ReadAllText(Repository.PathOf(path)).Contains("<Using Include=\"SmtpProxy", StringComparison.Ordinal));

        Violations.AssertNone(violations);
    }

    private static IEnumerable<string> Uses(SourceFile file, ILookup<string, string> types)
    {
        var code = file.Code;
        foreach (Match match in Qualified().Matches(code))
        {
            yield return match.Groups[1].Value;
        }

        // A name can also be qualified from the enclosing namespace: Routing.RouteTable within SmtpProxy.Sessions.
        foreach (Match match in Relative().Matches(code))
        {
            if (types[match.Groups[1].Value].Contains(match.Groups[2].Value))
            {
                yield return match.Groups[1].Value;
            }
        }
    }

    [GeneratedRegex(@"(?<![\w.])SmtpProxy\.(\w+)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w+)\.([A-Z]\w+)")]
    private static partial Regex Relative();

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
