using System.Runtime.CompilerServices;

namespace SmtpProxy.ArchitectureTests;

/// <summary>The source tree that this assembly was built from.</summary>
internal static class Repository
{
    /// <summary>Set to 1, makes the tests of approved texts write what they found instead of failing.</summary>
    public const string ApproveVariable = "SMTPPROXY_APPROVE";

    public static string Root { get; } = FindRoot();

    public static bool IsApproving => Environment.GetEnvironmentVariable(ApproveVariable) == "1";

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>C# files below a folder, without what builds leave behind.</summary>
    public static IEnumerable<SourceFile> Sources(params string[] folders) =>
        Files("*.cs", folders).Select(static path => new SourceFile(path, File.ReadAllText(PathOf(path))));

    /// <summary>Files below folders that fit a pattern, relative to the root, with forward slashes.</summary>
    public static IEnumerable<string> Files(string pattern, params string[] folders) =>
        from folder in folders
        where Directory.Exists(PathOf(folder))
        from path in Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, path).Replace('\\', '/')
        where !relative.Split('/').Any(static part => part is "bin" or "obj" or "BenchmarkDotNet.Artifacts" or "TestResults")
        orderby relative
        select relative;

    private static string FindRoot([CallerFilePath] string source = "")
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(source) })
        {
            for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "SmtpProxy.sln")))
                {
                    return folder;
                }
            }
        }

        throw new DirectoryNotFoundException("No folder above the tests holds SmtpProxy.sln.");
    }
}
