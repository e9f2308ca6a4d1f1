using System.Text.RegularExpressions;
using Xunit;

namespace SmtpProxy.ArchitectureTests;

public sealed partial class WordingTests
{
    // Put together so that this file does not hold them.
    private static readonly Regex Banned = new($@"\b({string.Join('|', "TO" + "DO", "FIX" + "ME", "HA" + "CK")})\b");

    [Fact]
    public void Files_Everywhere_HoldNoPromises()
    {
        var violations =
            from path in AllText()
            from Match match in Banned.Matches(File.ReadAllText(Repository.PathOf(path)))
            select $"{path}: {match.Value}";

        Violations.AssertNone(violations);
    }

    [Fact]
    public void Sources_Catch_IsNeverEmpty()
    {
        var violations = Repository.Sources("src", "tests", "loadtests").Where(static file => EmptyCatch().IsMatch(file.Text)).Select(static file => file.Path);

        Violations.AssertNone(violations);
    }

    [Fact]
    public void Sources_WarningSwitchedOff_SaysWhy()
    {
        var violations = Repository.Sources("src").Where(static file => SilentPragma().IsMatch(file.Text)).Select(static file => file.Path);

        Violations.AssertNone(violations);
    }

    private static IEnumerable<string> AllText() =>
        new[] { "*.cs", "*.csproj", "*.md", "*.sh", "*.json", "*.yml", "*.service" }.SelectMany(static pattern => Repository.Files(pattern, "src", "tests", "loadtests", "config"))
            .Concat(["README.md", "Dockerfile", "Directory.Build.props", "Directory.Packages.props"]);

    [GeneratedRegex(@"^\s*#pragma warning disable [\w, ]+$", RegexOptions.Multiline)]
    private static partial Regex SilentPragma();

    [GeneratedRegex(@"\bcatch\s*(\([^)]*\))?\s*(when\s*\([^{]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();
}
