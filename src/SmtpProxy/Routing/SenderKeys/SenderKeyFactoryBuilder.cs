using System.Collections.Frozen;
using SmtpProxy.Configuration;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>Makes a <see cref="SenderKeyFactory"/> from what the operator wrote. An unknown name throws:
/// at load, not with the first mail.</summary>
internal sealed class SenderKeyFactoryBuilder(IEnumerable<ISenderKeyPolicy> policies, IEnumerable<ISenderNormalizer> normalizers)
{
    private readonly FrozenDictionary<string, ISenderKeyPolicy> _policies = NameLookup.Create(policies, p => p.Name);
    private readonly FrozenDictionary<string, ISenderNormalizer> _normalizers = NameLookup.Create(normalizers, n => n.Name);

    public SenderKeyFactory Build(SessionAffinityConfig config)
    {
        var steps = config.Normalizers.Select(n => NameLookup.Get(_normalizers, n, "sender normalizer")).ToArray();
        var policy = Policy(config.Policy);
        var nullSenderPolicy = config.NullSenderKey is { } name ? Policy(name) : null;
        return config.Enabled
            ? new SenderKeyFactory(policy, nullSenderPolicy, steps, config.FoldLocalPart)
            : new SenderKeyFactory(null, null, [], false);
    }

    private ISenderKeyPolicy Policy(string name) => NameLookup.Get(_policies, name, "sender key policy");
}
