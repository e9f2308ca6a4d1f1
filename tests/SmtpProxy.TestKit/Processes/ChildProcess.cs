using System.Diagnostics;

namespace SmtpProxy.TestKit.Processes;

/// <summary>A program that a test has started, the leader of its own process group, with what it wrote.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 5000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private readonly Process _process;

    private ChildProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The process id, which is the id of its group as well.</summary>
    public int Id { get; }

    /// <summary>The exit code; null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>The lines that it wrote, on either stream.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Starts a program.</summary>
    public static ChildProcess Start(string program, params IReadOnlyList<string> arguments)
    {
        // setsid replaces itself by the program, so that the id stays and leads a group of its own.
        var start = new ProcessStartInfo("setsid", [program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"Cannot start {program}.");
        process.StandardInput.Close();
        return new ChildProcess(process);
    }

    /// <summary>Runs a program to its end; throws with its output when it fails.</summary>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        await using var child = Start(program, arguments);
        await child._process.WaitForExitAsync(cancellationToken);
        var output = string.Join('\n', child.Lines);
        return child.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {child.ExitCode}: {output}");
    }

    /// <summary>Asks it to end.</summary>
    public void Terminate() => UnixSignals.Send(Id, UnixSignals.Terminate);

    /// <summary>Asks it to read its configuration again.</summary>
    public void HangUp() => UnixSignals.Send(Id, UnixSignals.HangUp);

    /// <summary>Ends it at once, with all processes of its group.</summary>
    public void KillGroup() => UnixSignals.SendToGroup(Id, UnixSignals.Kill);

    /// <summary>True when it has ended within that time.</summary>
    public async Task<bool> HasExitedAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        if (!await Poll.TryUntilAsync(() => _process.HasExited, within, cancellationToken))
        {
            return false;
        }

        try
        {
            // Its last lines may still be in the pipe.
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            // A child of it that lives on holds the pipe.
        }

        return true;
    }

    /// <summary>Ends it: asked first, killed when it does not listen. Children that it has left in its group end, too.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Terminate();
            await HasExitedAsync(Patience, CancellationToken.None);
        }

        KillGroup();
        await HasExitedAsync(Patience, CancellationToken.None);
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines)
            {
                _lines.Dequeue();
            }
        }
    }
}
