using SmtpProxy.Routing.LoadBalancing;
using SmtpProxy.Routing.SenderKeys;

namespace SmtpProxy.Hosting;

/// <summary>The policies that come with the proxy.</summary>
internal static class BuiltIns
{
    public static LoadBalancingPolicySet LoadBalancing() => new(
    [
        new BoundedRendezvousPolicy(static () => Random.Shared),
        new FirstAlphabeticalPolicy(),
        new LeastTransactionsPolicy(),
        new PowerOfTwoChoicesPolicy(static () => Random.Shared),
        new RoundRobinPolicy(),
    ]);

    public static SenderKeyFactoryBuilder SenderKeys() => new(
        [new SenderAddressKeyPolicy(), new SenderDomainKeyPolicy()],
        [new SubAddressNormalizer(), new VerpNormalizer(), new BatvNormalizer(), new SrsNormalizer()]);
}
