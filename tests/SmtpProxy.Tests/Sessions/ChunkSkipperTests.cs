using System.Buffers;
using System.Text;
using SmtpProxy.Sessions;
using Xunit;

namespace SmtpProxy.Tests.Sessions;

public class ChunkSkipperTests
{
    [Fact]
    public void TrySkip_OctetsInPieces_LeavesWhatFollowsThem()
    {
        var skipper = default(ChunkSkipper);
        skipper.Begin(5);
        var first = new ReadOnlySequence<byte>("ab"u8.ToArray());
        Assert.False(skipper.TrySkip(ref first));
        Assert.True(first.IsEmpty);
        var second = new ReadOnlySequence<byte>("cdeNOOP"u8.ToArray());
        Assert.True(skipper.TrySkip(ref second));
        Assert.Equal("NOOP", Encoding.ASCII.GetString(second.ToArray()));
        Assert.False(skipper.IsSkipping);
    }

    [Fact]
    public void TrySkip_NoOctets_IsDoneAtOnce()
    {
        var skipper = default(ChunkSkipper);
        skipper.Begin(0);
        Assert.True(skipper.IsSkipping);
        var buffer = new ReadOnlySequence<byte>("NOOP"u8.ToArray());
        Assert.True(skipper.TrySkip(ref buffer));
        Assert.Equal(4, buffer.Length);
    }
}
