using System.Net;

namespace SmtpProxy.LoadTests.Scenarios.Beds;

/// <summary>A system that belongs to the load test, so that parts of it may be broken.</summary>
public interface ITestBed
{
    /// <summary>Where the proxy listens.</summary>
    IPEndPoint EndPoint { get; }

    /// <summary>Stops one of the mail servers, in the midst of whatever it does.</summary>
    Task StopServerAsync(CancellationToken cancellationToken);

    /// <summary>Starts it again.</summary>
    Task StartServerAsync(CancellationToken cancellationToken);

    /// <summary>Lets the proxy drain, and another take its place as soon as it accepts no more.</summary>
    Task ReplaceProxyAsync(CancellationToken cancellationToken);
}
