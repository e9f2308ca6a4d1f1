using SmtpProxy.Model;
using SmtpProxy.Routing.LoadBalancing;
using SmtpProxy.Routing.SenderKeys;

namespace SmtpProxy.Hosting;

/// <summary>What a user of the library adds to the built-in parts.</summary>
internal sealed record ProxyExtensions(
    IReadOnlyList<ITransactionObserver> Observers,
    IReadOnlyList<ILoadBalancingPolicy> LoadBalancing,
    IReadOnlyList<ISenderKeyPolicy> SenderKeys,
    IReadOnlyList<ISenderNormalizer> Normalizers)
{
    /// <summary>What carries connections; null: the runtime's sockets.</summary>
    public ProxyTransport? Transport { get; init; }

    public static ProxyExtensions None { get; } = new([], [], [], []);
}
