using System.Net;

namespace SmtpProxy.LoadTests.Scenarios.Beds;

/// <summary>Stands in where nothing will run.</summary>
internal sealed class NoBed : ITestBed
{
    public IPEndPoint EndPoint => throw new NotSupportedException();

    public Task StopServerAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task StartServerAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReplaceProxyAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
