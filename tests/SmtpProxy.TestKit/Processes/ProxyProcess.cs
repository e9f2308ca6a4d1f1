namespace SmtpProxy.TestKit.Processes;

/// <summary>The product as its users run it: a process with a configuration file.</summary>
public sealed class ProxyProcess : IProxyUnderTest
{
    private const string ReadyLine = "smtpproxy ready";

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _directory = new();
    private ChildProcess? _process;

    /// <inheritdoc/>
    public IReadOnlyList<string> Log => _process?.Lines ?? [];

    /// <summary>Its process id.</summary>
    public int Id => Running.Id;

    private ChildProcess Running => _process ?? throw new InvalidOperationException("The proxy has not been started.");

    /// <inheritdoc/>
    public async Task StartAsync(ProxySetup setup, CancellationToken cancellationToken)
    {
        if (!File.Exists(HostProgram.AssemblyPath))
        {
            throw new ProxyStartException($"{HostProgram.AssemblyPath} has not been built");
        }

        var file = _directory.Write("smtpproxy.json", setup.Configuration);
        var process = _process = HostProgram.Start("run", "--config", file);
        await Poll.TryUntilAsync(() => IsReady || process.ExitCode is not null, LongestStart, cancellationToken);
        if (!IsReady)
        {
            await process.HasExitedAsync(TimeSpan.Zero, cancellationToken);
            var why = process.ExitCode is { } code ? $"ended with {code}" : $"not ready in {LongestStart.TotalSeconds:0} s";
            throw new ProxyStartException($"the proxy: {why}, no line '{ReadyLine}'");
        }
    }

    /// <inheritdoc/>
    public void Terminate() => Running.Terminate();

    /// <summary>Ends it without notice, as a crash would.</summary>
    public void Kill() => Running.KillGroup();

    /// <inheritdoc/>
    public Task<bool> HasExitedAsync(TimeSpan within, CancellationToken cancellationToken) => Running.HasExitedAsync(within, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _directory.Dispose();
    }

    private bool IsReady => Log.Any(line => line.Contains(ReadyLine, StringComparison.Ordinal));
}
