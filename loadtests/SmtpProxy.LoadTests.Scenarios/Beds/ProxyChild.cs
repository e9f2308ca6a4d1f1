using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Runtime.InteropServices;
using SmtpProxy.LoadTests.Scenarios.Smtp;

namespace SmtpProxy.LoadTests.Scenarios.Beds;

/// <summary>The proxy as a process of its own, so that its cost can be told from the load's.</summary>
internal sealed class ProxyChild : IDisposable
{
    private const int Terminate = 15;

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly string _log;

    private ProxyChild(Process process, string log) => (_process, _log) = (process, log);

    /// <summary>User and system time it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? TimeSpan.Zero : _process.TotalProcessorTime;
        }
    }

    /// <summary>Memory it holds, in octets.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.WorkingSet64;
        }
    }

    /// <summary>Starts it and waits for its greeting; null when it ended before.</summary>
    /// <param name="configuration">Its file.</param>
    /// <param name="endPoint">Where it will listen.</param>
    /// <param name="log">File that takes what it says.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ProxyChild?> TryStartAsync(
        string configuration, IPEndPoint endPoint, string log, TimeProvider time, CancellationToken cancellationToken)
    {
        // The log goes to a file and not through a pipe: reading it would cost this process what is to be spent on load.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet \"$0\" run --config \"$1\" >> \"$2\" 2>&1", FindHost(), configuration, log]);
        var child = new ProxyChild(Process.Start(start)!, log);
        var started = time.GetTimestamp();
        try
        {
            while (!child._process.HasExited)
            {
                if (await GreetsAsync(endPoint, cancellationToken))
                {
                    return child;
                }

                if (time.GetElapsedTime(started) > LongestStart)
                {
                    throw new TimeoutException($"The proxy was not ready within {LongestStart.TotalSeconds:0} s. {child.LastWords()}");
                }

                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        catch
        {
            child.Dispose();
            throw;
        }

        child.Dispose();
        return null;
    }

    /// <summary>True when somebody there takes mail.</summary>
    public static async Task<bool> GreetsAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var outcome = await StepOutcome.CatchAsync(
            async token =>
            {
                await using var dialogue = await SmtpDialogue.ConnectAsync(endPoint, token);
                return StepOutcome.Of(await dialogue.CommandAsync("QUIT\r\n"u8.ToArray(), token), 221);
            },
            cancellationToken);
        return outcome.IsOk;
    }

    /// <summary>Asks it to end after the transactions that run.</summary>
    public void Drain()
    {
        if (!_process.HasExited && Kill(_process.Id, Terminate) != 0)
        {
            throw new InvalidOperationException($"kill({_process.Id}, {Terminate}) failed.");
        }
    }

    /// <summary>Waits for its end.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken).WaitAsync(LongestEnd, TimeProvider.System, cancellationToken);

    /// <summary>Ends it at once, if it has not ended.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private string LastWords() => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(10)) : "";

    private static string FindHost()
    {
        var built = typeof(ProxyChild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static entry => entry.Key == "SmtpProxyHost").Value!;
        var path = Path.GetFullPath(built);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} has not been built.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
