using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.ArchitectureTests;

/// <summary>Enums that leave the process: stores hold their values, metrics and logs their names. Add members at the end, never renumber.</summary>
public sealed class PinnedEnumTests
{
    [Theory]
    [InlineData(typeof(AffinityReason), "None=0 Assigned=1 Rerouted=2 Pinned=3 Rebalanced=4")]
    [InlineData(typeof(AffinityUse), "None=0 Hit=1 New=2 Moved=3 Hash=4")]
    [InlineData(typeof(TransactionOutcome), "None=0 Relayed=1 Deferred=2 Rejected=3 Lost=4 Aborted=5")]
    [InlineData(typeof(AuthResult), "None=0 Accepted=1 Rejected=2 Deferred=3 Cancelled=4")]
    [InlineData(
        typeof(TransactionStage),
        "None=0 Queue=1 Connect=2 Greeting=3 Ehlo=4 Mail=5 Rcpt=6 Data=7 Body=8 FinalReply=9 Reset=10 Tls=11 Identity=12 Auth=13")]
    [InlineData(
        typeof(SessionEnd),
        "None=0 Quit=1 ClientClosed=2 ClientReset=3 ConnectionLimit=4 ErrorLimit=5 TimedOut=6 Drained=7 ProtocolError=8 Fault=9 TlsFailed=10 ServerLost=11 LoginLost=12")]
    [InlineData(
        typeof(ProxyHeaderResult),
        "None=0 Accepted=1 Local=2 Untrusted=3 Missing=4 Malformed=5 TooLong=6 TimedOut=7 Closed=8 Drained=9")]
    [InlineData(
        typeof(LimitKind),
        "None=0 MaxConnections=1 MaxConnectionsPerClient=2 MaxErrors=3 MaxCommandLine=4 MaxAuthLine=5 MaxRecipients=6 MaxPipelinedCommands=7 "
        + "CommandTimeout=8 BodyTimeout=9 HandshakeTimeout=10 HeaderTimeout=11 ServerConnectTimeout=12 ServerGreetingTimeout=13 ServerCommandTimeout=14 "
        + "ServerDataTimeout=15 ServerBodyTimeout=16 ServerFinalReplyTimeout=17 ServerQueue=18 ServerMaxReply=19 ServerMaxAttempts=20 "
        + "ServerHandshakeTimeout=21 MaxConcurrentHandshakes=22 MaxFailingSenders=23 MaxQueuedMoves=24 MaxSplicedCommands=25 "
        + "ReservedDescriptors=26")]
    [InlineData(
        typeof(AttemptResult),
        "None=0 Answered=1 ConnectionLost=2 TimedOut=3 Refused=4 ProtocolError=5 NotCapable=6 StaleSession=7 Abandoned=8 QueueTimedOut=9 Disagreed=10 ReplyTooLong=11 OutOfResources=12")]
    public void Values_OfEnumsThatLeaveTheProcess_StayAsTheyAre(Type type, string expected)
    {
        var actual = Enum.GetValuesAsUnderlyingType(type).Cast<byte>().Select(value => $"{Enum.GetName(type, value)}={value}");

        Assert.Equal(expected, string.Join(' ', actual));
    }
}
