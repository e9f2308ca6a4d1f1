using SmtpProxy.Routing.LoadBalancing;
using SmtpProxy.Routing.SenderKeys;

namespace SmtpProxy.Hosting;

/// <summary>The policies that come with the proxy, and those that were added.</summary>
internal static class BuiltIns
{
    public static LoadBalancingPolicySet LoadBalancing(ProxyExtensions extensions) => new(
    [
        new BoundedRendezvousPolicy(static () => Random.Shared),
        new FirstAlphabeticalPolicy(),
        new LeastTransactionsPolicy(),
        new PowerOfTwoChoicesPolicy(static () => Random.Shared),
        new RoundRobinPolicy(),
        .. extensions.LoadBalancing,
    ]);

    public static SenderKeyFactoryBuilder SenderKeys(ProxyExtensions extensions) => new(
        [
            new SenderAddressKeyPolicy(),
            new SenderDomainKeyPolicy(),
            new AuthenticatedUserKeyPolicy(),
            new ClientNetworkKeyPolicy(),
            new HeloNameKeyPolicy(),
            .. extensions.SenderKeys,
        ],
        [new SubAddressNormalizer(), new VerpNormalizer(), new BatvNormalizer(), new SrsNormalizer(), .. extensions.Normalizers]);
}
