using System.Runtime.InteropServices;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests.Publish;

/// <summary>The program as a profile publishes it.</summary>
/// <param name="profile">Name of the profile.</param>
/// <param name="tools">Programs that publishing needs beside the SDK.</param>
/// <param name="properties">What is set differently, to be quicker.</param>
public abstract class PublishedProgram(string profile, IReadOnlyList<string> tools, IReadOnlyList<string> properties) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    // Profiles share the directory of intermediate files.
    private static readonly SemaphoreSlim OneAtATime = new(1);

    private readonly TempDirectory _directory = new();

    private string? _obstacle;

    private string Program => _directory.PathOf("smtpproxy");

    /// <summary>Publishes once for all tests of a class.</summary>
    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
        {
            _obstacle = "The profile is for Linux on x64.";
        }
        else if (tools.FirstOrDefault(static tool => !IsInstalled(tool)) is { } missing)
        {
            _obstacle = $"The profile {profile} needs {missing}, which is not installed.";
        }
        else
        {
            await OneAtATime.WaitAsync(TestContext.Current.CancellationToken);
            try
            {
                await PublishAsync();
            }
            finally
            {
                OneAtATime.Release();
            }
        }
    }

    /// <summary>Starts it and waits for the readiness line; skips the test where it could not be published.</summary>
    public async Task<ChildProcess> StartReadyAsync(params string[] arguments)
    {
        var process = Start(arguments);
        await HostProcess.WaitForLineAsync(process, line => line == "smtpproxy ready");
        return process;
    }

    /// <summary>Runs it to its end: exit code and lines of both streams.</summary>
    public async Task<(int? Code, IReadOnlyList<string> Lines)> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        await process.HasExitedAsync(Patience, TestContext.Current.CancellationToken);
        return (process.ExitCode, process.Lines);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static bool IsInstalled(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, tool)));

    private async Task PublishAsync()
    {
        var project = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(HostProgram.AssemblyPath)!, "../../.."));
        await using var publish = ChildProcess.Start(
            "nice",
            [
                "-n", "10", "dotnet", "publish", project, $"-p:PublishProfile={profile}", "-p:RunAnalyzers=false", .. properties,
                "--disable-build-servers", "-o", _directory.Root,
            ]);
        var ended = await publish.HasExitedAsync(Patience, TestContext.Current.CancellationToken);
        var text = string.Join('\n', publish.Lines);
        if (ended && publish.ExitCode != 0 && text.Contains("error NU1", StringComparison.Ordinal))
        {
            _obstacle = $"The packages that publishing needs cannot be restored: {text}";
            return;
        }

        Assert.True(ended && publish.ExitCode == 0, text);

        // What may be missing afterwards is a warning now, and warnings are not wanted.
        Assert.DoesNotContain(publish.Lines, line => line.Contains("warning IL", StringComparison.Ordinal));
    }

    private ChildProcess Start(string[] arguments)
    {
        Assert.SkipWhen(_obstacle is not null, _obstacle ?? string.Empty);
        return ChildProcess.Start(Program, arguments);
    }
}
