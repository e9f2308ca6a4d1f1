using System.Globalization;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests.Cost;

/// <summary>A strace that counts the system calls of all threads of a process. Needs Debian's strace package.</summary>
internal sealed class SystemCallTrace : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _directory = new("smtpproxy-strace-");
    private readonly ChildProcess _strace;

    private SystemCallTrace(int processId) => _strace = ChildProcess.Start(
        "strace", "-f", "-c", "-o", OutputFile, "-p", processId.ToString(CultureInfo.InvariantCulture));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string OutputFile => _directory.PathOf("counts");

    /// <summary>Attaches to a process: when this returns, every thread of it is traced. Skips the test where the system permits nobody to trace.</summary>
    public static async Task<SystemCallTrace> AttachAsync(int processId)
    {
        var trace = new SystemCallTrace(processId);
        try
        {
            await trace.WaitAsync(processId);
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
        // It writes its table when it is told to end, whichever way.
        _strace.Terminate();
        Assert.True(await _strace.HasExitedAsync(Patience, Token), "strace does not end");
        return SystemCallCounts.Parse(await File.ReadAllTextAsync(OutputFile, Token), messages);
    }

    public async ValueTask DisposeAsync()
    {
        await _strace.DisposeAsync();
        _directory.Dispose();
    }

    private async Task WaitAsync(int processId)
    {
        await Poll.UntilAsync(() => _strace.ExitCode is not null || IsTraced(processId), Patience, "strace is attached to all threads", Token);
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

    private static bool IsTraced(int processId) => Directory.GetDirectories($"/proc/{processId}/task").All(IsThreadTraced);

    private static bool IsThreadTraced(string thread)
    {
        try
        {
            return File.ReadLines(Path.Combine(thread, "status")).Any(
                static line => line.StartsWith("TracerPid:", StringComparison.Ordinal) && line["TracerPid:".Length..].Trim() != "0");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It has ended since.
            return true;
        }
    }
}
