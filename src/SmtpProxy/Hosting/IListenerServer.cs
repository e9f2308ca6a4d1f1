namespace SmtpProxy.Hosting;

/// <summary>One bound listener. Listeners come and go with the configuration while others serve on.</summary>
internal interface IListenerServer : IDisposable
{
    /// <summary>The configured address.</summary>
    string Address { get; }

    /// <summary>Binds and begins to accept.</summary>
    /// <exception cref="ListenerBindException">The address cannot be bound.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops accepting at once, then waits for the connections; cancelling aborts those that are left.</summary>
    Task StopAsync(CancellationToken abort);
}
