using SmtpProxy.Hosting;

namespace SmtpProxy.Host.Running;

/// <summary>Reads the configuration again: validated first, swapped whole; an invalid one leaves the old one in force.</summary>
internal sealed partial class ConfigReloader(ConfigSource source, ProxyRuntime runtime, ServiceManager manager, ILogger<ConfigReloader> logger)
    : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    public async Task<ReloadResult> ReloadAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            manager.NotifyReloading();
            var result = await TryApplyAsync(cancellationToken);
            Report(result);
            return result;
        }
        finally
        {
            manager.NotifyReady();
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<ReloadResult> TryApplyAsync(CancellationToken cancellationToken)
    {
        if (source.Path is null)
        {
            return Refuse(ReloadStatus.NoFile, []);
        }

        var loaded = source.Load();
        if (loaded.Config is null)
        {
            return Refuse(ReloadStatus.Invalid, loaded.Errors.Select(error => error.ToString()));
        }

        if (runtime.CheckReload(loaded.Config) is { Count: > 0 } fixedParts)
        {
            return Refuse(ReloadStatus.Invalid, fixedParts.Select(error => error.ToString()));
        }

        try
        {
            await runtime.ApplyAsync(loaded.Config, cancellationToken);
            return new ReloadResult(ReloadStatus.Applied, runtime.Current.Revision, [], loaded.Warnings);
        }
        catch (ListenerBindException e)
        {
            return Refuse(ReloadStatus.Invalid, [e.Message]);
        }
    }

    private ReloadResult Refuse(ReloadStatus status, IEnumerable<string> errors) => new(status, runtime.Current.Revision, [.. errors], []);

    private void Report(ReloadResult result)
    {
        foreach (var warning in result.Warnings)
        {
            Log.Warning(logger, warning);
        }

        switch (result.Status)
        {
            case ReloadStatus.Applied:
                Log.Reloaded(logger, source.Path!, result.Revision);
                break;
            case ReloadStatus.NoFile:
                Log.NothingToReload(logger);
                break;
            default:
                foreach (var error in result.Errors)
                {
                    Log.Error(logger, error);
                }

                Log.Refused(logger, source.Path!, result.Revision);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1820, LogLevel.Information, "{Path} was read again; configuration {Revision} is in force", EventName = "Reloaded")]
        public static partial void Reloaded(ILogger logger, string path, long revision);

        [LoggerMessage(1821, LogLevel.Error, "{Error}", EventName = "ReloadError")]
        public static partial void Error(ILogger logger, string error);

        [LoggerMessage(1822, LogLevel.Error, "{Path} is not taken; configuration {Revision} stays in force", EventName = "ReloadRefused")]
        public static partial void Refused(ILogger logger, string path, long revision);

        [LoggerMessage(1823, LogLevel.Warning, "{Warning}", EventName = "ReloadWarning")]
        public static partial void Warning(ILogger logger, string warning);

        [LoggerMessage(1824, LogLevel.Warning, "There is no configuration file to read again", EventName = "NothingToReload")]
        public static partial void NothingToReload(ILogger logger);
    }
}
