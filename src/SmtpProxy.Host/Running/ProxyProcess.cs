using System.Threading.Channels;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Host.Commands;
using SmtpProxy.Hosting;

namespace SmtpProxy.Host.Running;

/// <summary>The life of <c>smtpproxy run</c>: start, readiness, reloads, drain, exit code.</summary>
/// <param name="source">Where the configuration comes from.</param>
/// <param name="output">Takes the readiness line and nothing else.</param>
/// <param name="error">Takes errors, warnings and the log.</param>
internal sealed partial class ProxyProcess(ConfigSource source, TextWriter output, TextWriter error)
{
    private const string ReadyLine = "smtpproxy ready";

    // One waiting request stands for all that come while a reload runs: the file is read when its turn comes.
    private readonly Channel<bool> _reloads =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Runs until a signal, or <paramref name="stop"/>, ends it.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var loaded = source.Load();
        ConfigReport.Write(error, loaded);
        if (loaded.Config is not { } config)
        {
            return ExitCode.Configuration;
        }

        using var loggers = ProcessLog.Create();
        using var signals = new ProcessSignals(RequestReload, TimeProvider.System);
        await using var host = new ProxyHost(source, config, Console.OpenStandardOutput(), loggers);
        try
        {
            await host.StartAsync(signals.Stop);
        }
        catch (ListenerBindException e)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCode.Unavailable;
        }
        catch (AffinityStoreException e)
        {
            await error.WriteLineAsync($"SmtpProxy:AffinityStore: {e.Message}");
            return ExitCode.Unavailable;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            // Told to end before it was up: there is nothing to drain.
            return ExitCode.Ok;
        }

        return await ServeAsync(host, signals, loggers.CreateLogger<ProxyProcess>(), stop);
    }

    private void RequestReload() => _reloads.Writer.TryWrite(true);

    private async Task<int> ServeAsync(ProxyHost host, ProcessSignals signals, ILogger logger, CancellationToken stop)
    {
        // Most of what starting allocated is waste: given back while nothing is pinned in the midst of it, as the watcher's buffer is.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var watcher = source.Path is { } path ? new ConfigWatcher(path, RequestReload, TimeProvider.System) : null;
        watcher?.Start();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(signals.Stop, stop);
        await output.WriteLineAsync(ReadyLine);
        await output.FlushAsync(CancellationToken.None);
        host.Manager.NotifyReady();
        await ReloadUntilAsync(host, ended.Token);

        host.Manager.NotifyStopping();
        Log.Draining(logger);
        await host.StopAsync(signals.Abort);
        Log.Stopped(logger);
        return signals.Abort.IsCancellationRequested ? ExitCode.TryAgain : ExitCode.Ok;
    }

    private async Task ReloadUntilAsync(ProxyHost host, CancellationToken ended)
    {
        try
        {
            await foreach (var _ in _reloads.Reader.ReadAllAsync(ended))
            {
                await host.ReloadAsync(ended);
            }
        }
        catch (OperationCanceledException)
        {
            // The signal to stop.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1825, LogLevel.Information, "Draining: no new sessions, running transactions finish", EventName = "Draining")]
        public static partial void Draining(ILogger logger);

        [LoggerMessage(1826, LogLevel.Information, "Stopped", EventName = "Stopped")]
        public static partial void Stopped(ILogger logger);
    }
}
