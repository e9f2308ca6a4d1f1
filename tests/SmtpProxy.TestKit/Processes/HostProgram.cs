using System.Reflection;

namespace SmtpProxy.TestKit.Processes;

/// <summary>Where the build has put the product's executable.</summary>
public static class HostProgram
{
    private const string Key = "SmtpProxyHost";
    private const string OtherProgram = "SMTPPROXY_TEST_PROGRAM";

    /// <summary>The path of the program's assembly, to be run by <c>dotnet</c>.</summary>
    public static string AssemblyPath { get; } = Find();

    /// <summary>What runs the program: that of the build, or the published one that the variable <c>SMTPPROXY_TEST_PROGRAM</c> names.</summary>
    public static IReadOnlyList<string> Command { get; } =
        Environment.GetEnvironmentVariable(OtherProgram) is { Length: > 0 } other ? [other] : ["dotnet", AssemblyPath];

    /// <summary>Starts it.</summary>
    public static ChildProcess Start(params IReadOnlyList<string> arguments) => ChildProcess.Start(Command[0], [.. Command.Skip(1), .. arguments]);

    private static string Find()
    {
        var path = typeof(HostProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(entry => entry.Key == Key).Value!;
        return Path.GetFullPath(path);
    }
}
