using Microsoft.AspNetCore.Http.Features;
using SmtpProxy.Transport.Connections;
using Xunit;

namespace SmtpProxy.TransportTests.Connections;

public sealed class SlimFeatureCollectionTests
{
    private readonly FeatureCollection _shared = new();
    private readonly SlimFeatureCollection _features;

    public SlimFeatureCollectionTests() => _features = new SlimFeatureCollection(_shared);

    [Fact]
    public void Get_NeverSet_IsNull() => Assert.Null(_features.Get<string>());

    [Fact]
    public void Set_Several_EachIsFoundByItsType()
    {
        var (one, two, three) = ("one", new Version(2, 0), new List<int>());
        _features.Set(one);
        _features.Set(two);
        _features.Set(three);

        Assert.Same(one, _features.Get<string>());
        Assert.Same(two, _features.Get<Version>());
        Assert.Same(three, _features.Get<List<int>>());
        Assert.Equal([typeof(string), typeof(Version), typeof(List<int>)], _features.Select(static feature => feature.Key));
    }

    [Fact]
    public void Set_NullThenAgain_TheNewOneCounts()
    {
        _features.Set("one");
        _features.Set(new Version(1, 0));
        _features.Set<string>(null);
        Assert.Null(_features.Get<string>());

        _features.Set(new Version(2, 0));
        _features.Set("two");

        Assert.Equal(new Version(2, 0), _features.Get<Version>());
        Assert.Equal("two", _features.Get<string>());
        Assert.Equal(2, _features.Count());
    }

    [Fact]
    public void Get_SharedFeature_IsFoundUnlessTheConnectionHasItsOwn()
    {
        _shared.Set("everybody's");
        _shared.Set(new Version(1, 0));
        Assert.Equal("everybody's", _features.Get<string>());

        _features.Set("own");

        Assert.Equal("own", _features.Get<string>());
        Assert.Equal(new Version(1, 0), _features.Get<Version>());
        Assert.Equal(["own", new Version(1, 0)], _features.Select(static feature => feature.Value));
    }

    [Fact]
    public void Revision_AfterEachChange_IsAnother()
    {
        var seen = new HashSet<int> { _features.Revision };
        _features.Set("one");
        Assert.True(seen.Add(_features.Revision));
        _features.Set(new Version(1, 0));
        Assert.True(seen.Add(_features.Revision));
        _features.Set("two");
        Assert.True(seen.Add(_features.Revision));
    }
}
