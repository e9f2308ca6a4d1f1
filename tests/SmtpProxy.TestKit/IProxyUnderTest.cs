namespace SmtpProxy.TestKit;

/// <summary>The proxy as the tests see it: something that is started with a configuration and ended again.</summary>
public interface IProxyUnderTest : IAsyncDisposable
{
    /// <summary>The lines that it has written so far.</summary>
    IReadOnlyList<string> Log { get; }

    /// <summary>Starts it and waits until its listeners are there; throws <see cref="ProxyStartException"/> when it does not come up.</summary>
    Task StartAsync(ProxySetup setup, CancellationToken cancellationToken);

    /// <summary>Asks for an orderly end, as an operator would.</summary>
    void Terminate();

    /// <summary>True when it has ended within that time.</summary>
    Task<bool> HasExitedAsync(TimeSpan within, CancellationToken cancellationToken);
}
