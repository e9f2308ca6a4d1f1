using System.Reflection;

namespace SmtpProxy.TestKit.Processes;

/// <summary>Where the build has put the product's executable.</summary>
public static class HostProgram
{
    private const string Key = "SmtpProxyHost";

    /// <summary>The path of the program's assembly, to be run by <c>dotnet</c>.</summary>
    public static string AssemblyPath { get; } = Find();

    private static string Find()
    {
        var path = typeof(HostProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(entry => entry.Key == Key).Value!;
        return Path.GetFullPath(path);
    }
}
