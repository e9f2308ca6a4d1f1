using System.Buffers;
using System.Text;
using SmtpProxy.Sessions;
using Xunit;

namespace SmtpProxy.Tests.Sessions;

public class ChunkSkipperTests
{
    [Theory]
    [InlineData("10 LAST", true)]
    [InlineData("0 LAST", true)]
    [InlineData("9223372036854775807", true)]
    [InlineData("", false)]
    [InlineData("abc", false)]
    [InlineData("-1", false)]
    [InlineData("+1", false)]
    [InlineData("12x", false)]
    [InlineData("9223372036854775808", false)]
    public void TryBegin_Size_IsReadOrRefused(string argument, bool expected) =>
        Assert.Equal(expected, default(ChunkSkipper).TryBegin(Encoding.ASCII.GetBytes(argument)));

    [Fact]
    public void TrySkip_OctetsInPieces_LeavesWhatFollowsThem()
    {
        var skipper = default(ChunkSkipper);
        Assert.True(skipper.TryBegin("5 LAST"u8));
        var first = new ReadOnlySequence<byte>("ab"u8.ToArray());
        Assert.False(skipper.TrySkip(ref first));
        Assert.True(first.IsEmpty);
        var second = new ReadOnlySequence<byte>("cdeNOOP"u8.ToArray());
        Assert.True(skipper.TrySkip(ref second));
        Assert.Equal("NOOP", Encoding.ASCII.GetString(second.ToArray()));
        Assert.False(skipper.IsSkipping);
    }
}
