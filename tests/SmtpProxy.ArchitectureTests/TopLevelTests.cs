using System.Diagnostics;
using Xunit;

namespace SmtpProxy.ArchitectureTests;

public sealed class TopLevelTests
{
    private static readonly string[] Allowed =
    [
        "src", "tests", "loadtests", "config",
        "SmtpProxy.sln", "Dockerfile", "README.md", "LICENSE",
        "Directory.Build.props", "Directory.Packages.props",

        // Chooses the test platform; the SDK looks for it here and nowhere else.
        "global.json",
    ];

    [Fact]
    public async Task TopLevel_TrackedEntries_AreTheAgreedOnes()
    {
        var entries = await TrackedEntriesAsync(TestContext.Current.CancellationToken);

        Violations.AssertNone(entries.Where(static entry => !entry.StartsWith('.')).Except(Allowed));
        Violations.AssertNone(Allowed.Except(entries));
    }

    private static async Task<HashSet<string>> TrackedEntriesAsync(CancellationToken cancellationToken)
    {
        // Git knows what belongs to the project; a folder listing would also see what builds and editors leave.
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "ls-files"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var output = await git.StandardOutput.ReadToEndAsync(cancellationToken);
        await git.WaitForExitAsync(cancellationToken);
        Assert.SkipUnless(git.ExitCode == 0, "Not a git work tree.");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static path => path.Split('/')[0])];
    }
}
