using SmtpProxy.Routing;
using SmtpProxy.Routing.LoadBalancing;
using SmtpProxy.Routing.SenderKeys;

namespace SmtpProxy.Tests.Routing;

/// <summary>Everything that the product registers.</summary>
internal static class BuiltIn
{
    public static IEnumerable<ILoadBalancingPolicy> LoadBalancing =>
    [
        new BoundedRendezvousPolicy(() => Random.Shared),
        new FirstAlphabeticalPolicy(),
        new LeastTransactionsPolicy(),
        new PowerOfTwoChoicesPolicy(() => Random.Shared),
        new RoundRobinPolicy(),
    ];

    public static SenderKeyFactoryBuilder SenderKeys => new(
        [
            new SenderAddressKeyPolicy(), new SenderDomainKeyPolicy(), new AuthenticatedUserKeyPolicy(), new ClientNetworkKeyPolicy(),
            new HeloNameKeyPolicy(),
        ],
        [new SubAddressNormalizer(), new VerpNormalizer(), new BatvNormalizer(), new SrsNormalizer()]);

    public static RouteTableBuilder RouteTables => new(new LoadBalancingPolicySet(LoadBalancing), SenderKeys);
}
