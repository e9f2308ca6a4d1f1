using System.Globalization;
using System.Text.RegularExpressions;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests.Cost;

/// <summary>A strace that notes the system calls of all threads of a process. Needs Debian's strace package.</summary>
internal sealed partial class SystemCallTrace : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _directory = new("smtpproxy-strace-");
    private readonly ChildProcess _strace;
    private readonly int _processId;

    private SystemCallTrace(int processId)
    {
        _processId = processId;
        _strace = ChildProcess.Start(
            "strace", "-f", "-e", "raw=all", "-o", OutputFile, "-p", processId.ToString(CultureInfo.InvariantCulture));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string OutputFile => _directory.PathOf("counts");

    /// <summary>Attaches to a process: when this returns, every thread of it is traced. Skips the test where the system permits nobody to trace.</summary>
    public static async Task<SystemCallTrace> AttachAsync(int processId)
    {
        var trace = new SystemCallTrace(processId);
        try
        {
            await trace.WaitAsync();
            return trace;
        }
        catch
        {
            await trace.DisposeAsync();
            throw;
        }
    }

    /// <summary>Detaches and returns what was counted.</summary>
    public async Task<SystemCallCounts> FinishAsync(int messages)
    {
        var threads = Threads().ToDictionary(static thread => Path.GetFileName(thread), NameOf);
        _strace.Terminate();
        Assert.True(await _strace.HasExitedAsync(Patience, Token), "strace does not end");
        return SystemCallCounts.Parse(File.ReadLines(OutputFile), threads, messages);
    }

    public async ValueTask DisposeAsync()
    {
        await _strace.DisposeAsync();
        _directory.Dispose();
    }

    private async Task WaitAsync()
    {
        await Poll.UntilAsync(() => _strace.ExitCode is not null || Threads().All(IsTraced), Patience, "strace is attached to all threads", Token);
        if (_strace.ExitCode is null)
        {
            return;
        }

        await _strace.HasExitedAsync(Patience, Token);
        var said = string.Join('\n', _strace.Lines);
        Assert.SkipWhen(
            said.Contains("Operation not permitted", StringComparison.Ordinal) || said.Contains("Function not implemented", StringComparison.Ordinal),
            $"This system does not permit ptrace (a container may need the capability SYS_PTRACE), so system calls cannot be counted: {said}");
        Assert.Fail($"strace ended with {_strace.ExitCode}: {said}");
    }

    private string[] Threads() => Directory.GetDirectories($"/proc/{_processId}/task");

    // A thread that has ended since needs no tracing.
    private static bool IsTraced(string thread) => Read(thread, "status") is not { } status || TracedBy().IsMatch(status);

    private static string NameOf(string thread) => Read(thread, "comm")?.TrimEnd() ?? "ended";

    /// <summary>What the system tells of a thread; null when it has ended.</summary>
    private static string? Read(string thread, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, file));
        }
        catch (IOException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^TracerPid:\s*[1-9]", RegexOptions.Multiline)]
    private static partial Regex TracedBy();
}
