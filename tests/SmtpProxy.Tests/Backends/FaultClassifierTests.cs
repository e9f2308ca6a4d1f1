using System.Net.Sockets;
using SmtpProxy.Backends;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class FaultClassifierTests
{
    [Theory]
    [InlineData(ReplyRead.Reply, AttemptResult.Answered)]
    [InlineData(ReplyRead.Closed, AttemptResult.ConnectionLost)]
    [InlineData(ReplyRead.TimedOut, AttemptResult.TimedOut)]
    [InlineData(ReplyRead.ProtocolError, AttemptResult.ProtocolError)]
    public void Classify_ReplyRead_SaysHowTheAttemptEnded(ReplyRead read, AttemptResult expected) =>
        Assert.Equal(expected, FaultClassifier.Classify(read));

    [Theory]
    [InlineData(SocketError.ConnectionRefused, AttemptResult.ConnectionLost, "connection refused")]
    [InlineData(SocketError.HostNotFound, AttemptResult.ConnectionLost, "host name not resolved")]
    [InlineData(SocketError.NetworkUnreachable, AttemptResult.ConnectionLost, "host unreachable")]
    [InlineData(SocketError.TooManyOpenSockets, AttemptResult.OutOfResources, "out of descriptors or memory")]
    [InlineData(SocketError.NoBufferSpaceAvailable, AttemptResult.OutOfResources, "out of descriptors or memory")]
    [InlineData(SocketError.AddressNotAvailable, AttemptResult.ConnectionLost, "connect failed")]
    [InlineData(SocketError.TimedOut, AttemptResult.TimedOut, "connect timed out")]
    public void Classify_SocketError_SaysHowTheConnectEnded(SocketError error, AttemptResult expected, string words)
    {
        var fault = new SocketException((int)error);

        Assert.Equal(expected, FaultClassifier.Classify(fault));
        Assert.Equal(words, FaultClassifier.Describe(fault));
    }

    [Fact]
    public void Classify_CancelledConnect_IsAbandoned() =>
        Assert.Equal(AttemptResult.Abandoned, FaultClassifier.Classify(new OperationCanceledException()));
}
