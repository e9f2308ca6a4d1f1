using System.Text.RegularExpressions;

namespace SmtpProxy.ArchitectureTests;

/// <summary>A C# file.</summary>
/// <param name="Path">Relative to the root, with forward slashes.</param>
/// <param name="Text">Its whole text.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    /// <summary>The text without comments and without what stands in strings.</summary>
    public string Code => NotCode().Replace(Text, static match => match.Value[0] == '/' ? " " : "\"\"");

    public int Lines => Text.Split('\n').Length - (Text.EndsWith('\n') ? 1 : 0);

    /// <summary>The folder below the project: <c>Routing</c> for src/SmtpProxy/Routing/LoadBalancing/X.cs; empty for a file beside the project file.</summary>
    public string TopFolder => Path.Split('/') is { Length: > 3 } parts ? parts[2] : "";

    // In this order: comments, raw strings, verbatim strings, ordinary strings, characters.
    [GeneratedRegex("""
        //[^\n]*|/\*.*?\*/|\$*("{3,}).*?\1|\$?@\$?"(?:[^"]|"")*"|\$?"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'
        """, RegexOptions.Singleline)]
    private static partial Regex NotCode();
}
