using Microsoft.AspNetCore.Connections.Features;

namespace SmtpProxy.Hosting;

/// <summary>Tells all connections of one listener that it is about to end.</summary>
internal sealed class ListenerLifetime : IConnectionLifetimeNotificationFeature, IDisposable
{
    private readonly CancellationTokenSource _closing = new();

    public CancellationToken ConnectionClosedRequested
    {
        get => _closing.Token;
        set => throw new NotSupportedException();
    }

    public void RequestClose() => _closing.Cancel();

    public void Dispose() => _closing.Dispose();
}
