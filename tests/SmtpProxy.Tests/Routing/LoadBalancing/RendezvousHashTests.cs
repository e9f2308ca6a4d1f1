using SmtpProxy.Routing.LoadBalancing;
using Xunit;

namespace SmtpProxy.Tests.Routing.LoadBalancing;

public sealed class RendezvousHashTests
{
    [Theory]
    [InlineData("", 14695981039346656037UL)]
    [InlineData("a", 12638187200555641996UL)]
    [InlineData("foobar", 9625390261332436968UL)]
    public void OfKey_PublishedVectors_AreFnv1A(string key, ulong expected) => Assert.Equal(expected, RendezvousHash.OfKey(key));

    [Fact]
    public void OfId_OtherCase_IsTheSame() => Assert.Equal(RendezvousHash.OfId("mta1"), RendezvousHash.OfId("MTA1"));

    [Fact]
    public void OfKey_OtherCase_Differs() => Assert.NotEqual(RendezvousHash.OfKey("a@x"), RendezvousHash.OfKey("A@x"));

    // Proxies of different versions must agree: a change of these numbers is a change of the contract.
    [Theory]
    [InlineData("alice@example.com", "mta1", 1, 2.6210869788129783)]
    [InlineData("alice@example.com", "mta2", 1, 0.76202409310392327)]
    [InlineData("bob@example.com", "mta1", 3, 6.0600731264848484)]
    public void Score_Pinned_StaysEqual(string key, string id, int weight, double expected) =>
        Assert.Equal(expected, RendezvousHash.Score(RendezvousHash.OfKey(key), RendezvousHash.OfId(id), weight), 1e-9);

    [Fact]
    public void Score_AnyInput_IsPositiveAndFinite()
    {
        for (var i = 0UL; i < 10_000; i++)
        {
            var score = RendezvousHash.Score(i, ulong.MaxValue - i, 1);

            Assert.True(double.IsFinite(score) && score > 0, $"{i}: {score}");
        }
    }
}
