using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Routing.SenderKeys;
using Xunit;

namespace SmtpProxy.Tests.Routing.SenderKeys;

public sealed class SenderKeyFactoryTests
{
    private static readonly SessionAffinityConfig Default = new();
    private static readonly SessionAffinityConfig Domain = new() { Policy = SenderKeyPolicies.SenderDomain };

    [Theory]
    [InlineData("user@example.com", "user@example.com")]
    [InlineData("User@EXAMPLE.Com", "User@example.com")]
    [InlineData("\"abc\"@x.com", "abc@x.com")]
    [InlineData("\"a\\bc\"@x.com", "abc@x.com")]
    [InlineData("\"a b\"@X.com", "\"a b\"@x.com")]
    [InlineData("\"a\\ b\"@x.com", "\"a b\"@x.com")]
    [InlineData("\"a@b\"@x.com", "\"a@b\"@x.com")]
    [InlineData("\"a\\\"b\"@x.com", "\"a\\\"b\"@x.com")]
    [InlineData("\"a\\\\b\"@x.com", "\"a\\\\b\"@x.com")]
    [InlineData("\"\"@x.com", "\"\"@x.com")]
    [InlineData("\"user+tag\"@x.com", "user@x.com")]
    [InlineData("user.@docomo.example", "user.@docomo.example")]
    [InlineData("\"user.\"@docomo.example", "user.@docomo.example")]
    [InlineData("postmaster", "postmaster")]
    [InlineData("user@[IPv6:2001:DB8::1]", "user@[ipv6:2001:db8::1]")]
    [InlineData("jürgen@BÜCHER.example", "jürgen@bücher.example")]
    [InlineData("prvs=0123abcdef=list-bounces+joe=example.com@x.com", "list-bounces@x.com")]
    [InlineData("SRS0=H+HH=TT=Orig.COM=user+tag@fwd.com", "user@orig.com")]
    [InlineData("SRS0=HHH=TT=orig.com=prvs=0123abcdef=user@fwd.com", "user@orig.com")]
    [InlineData("msprvs1=17387hqXyLVYX=bounces-11111@x.com", "bounces@x.com")]
    public void Create_SenderAddress_GivesOneKeyPerMailbox(string sender, string expected)
    {
        var key = Create(Default, sender);

        Assert.Equal(expected, key.Value);
        Assert.Equal(key, Create(Default, key.Value!));
    }

    [Theory]
    [InlineData("user@Example.COM", "example.com")]
    [InlineData("SRS0=H=T=Orig.com=user@fwd.com", "orig.com")]
    [InlineData("postmaster", "@")]
    [InlineData("", null)]
    public void Create_SenderDomain_GivesTheDomain(string sender, string? expected) => Assert.Equal(expected, Create(Domain, sender).Value);

    [Theory]
    [InlineData("User@x.com", "user@x.com")]
    [InlineData("\"USER\"@x.com", "user@x.com")]
    [InlineData("SRS0=HHH=TT=Orig.com=USER@fwd.com", "user@orig.com")]
    public void Create_FoldLocalPart_LowersIt(string sender, string expected) =>
        Assert.Equal(expected, Create(Default with { FoldLocalPart = true }, sender).Value);

    [Fact]
    public void Create_NoNormalizers_KeepsTheTag() =>
        Assert.Equal("user+tag@x.com", Create(Default with { Normalizers = [] }, "user+tag@x.com").Value);

    [Theory]
    [InlineData(null, null)]
    [InlineData(SenderKeyPolicies.SenderAddress, "<>")]
    [InlineData(SenderKeyPolicies.SenderDomain, "<>")]
    public void Create_NullSender_HasAKeyOnDemandOnly(string? policy, string? expected) =>
        Assert.Equal(expected, Create(Default with { NullSenderKey = policy }, "").Value);

    [Fact]
    public void Create_Disabled_GivesNone()
    {
        var disabled = Default with { Enabled = false, NullSenderKey = SenderKeyPolicies.SenderAddress };

        Assert.True(Create(disabled, "user@x.com").IsNone);
        Assert.True(Create(disabled, "").IsNone);
    }

    [Fact]
    public void Create_CanonicalSender_AllocatesNothing()
    {
        var factory = BuiltIn.SenderKeys.Build(Default);
        var envelope = Envelopes.From("user@example.com");

        Assert.Same(envelope.Sender, factory.Create(envelope).Value);
    }

    [Theory]
    [InlineData(SenderKeyPolicies.SenderAddress, "User+Tag@EXAMPLE.com", "User@example.com")]
    [InlineData(SenderKeyPolicies.SenderDomain, "user@EXAMPLE.com", "example.com")]
    public void Create_OtherSpelling_AllocatesTheKeyOnly(string policy, string sender, string key)
    {
        var factory = BuiltIn.SenderKeys.Build(Default with { Policy = policy });
        var envelope = Envelopes.From(sender);
        factory.Create(envelope);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var created = factory.Create(envelope);
        var after = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(key, created.Value);
        Assert.InRange(after - before, 1, 24 + (2 * (key.Length + 1)) + 7);
    }

    [Fact]
    public void Create_NestedWithoutEnd_StripsAllLayers()
    {
        var nested = string.Concat(Enumerable.Repeat("SRS0=H=T=b.com=prvs=0123abcdef=", 200));

        Assert.Equal("user@b.com", Create(Default, nested + "user+tag@fwd.com").Value);
    }

    [Fact]
    public void Create_NormalizerWithoutEnd_Returns()
    {
        var factory = new SenderKeyFactory(new SenderAddressKeyPolicy(), null, [new EndlessNormalizer()], foldLocalPart: false);

        Assert.Equal("user@x.com", factory.Create(Envelopes.From("user@x.com")).Value);
    }

    [Theory]
    [InlineData("Policy")]
    [InlineData("NullSenderKey")]
    [InlineData("Normalizers")]
    public void Build_UnknownName_Throws(string setting)
    {
        var config = setting switch
        {
            "Policy" => Default with { Policy = "Nobody" },
            "NullSenderKey" => Default with { NullSenderKey = "Nobody" },
            _ => Default with { Normalizers = ["Nobody"] },
        };

        var error = Assert.Throws<InvalidOperationException>(() => BuiltIn.SenderKeys.Build(config));

        Assert.Contains("'Nobody'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_EveryNormalizerName_IsThere() =>
        Assert.NotNull(BuiltIn.SenderKeys.Build(Default with { Normalizers = SenderNormalizers.All }));

    private static SenderKey Create(SessionAffinityConfig config, string sender) =>
        BuiltIn.SenderKeys.Build(config).Create(Envelopes.From(sender));

    private sealed class EndlessNormalizer : ISenderNormalizer
    {
        public string Name => "Endless";

        public bool TryStrip(ref SenderParts sender) => true;
    }
}
