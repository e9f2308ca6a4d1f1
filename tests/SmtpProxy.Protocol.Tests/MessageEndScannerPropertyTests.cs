using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

/// <summary>Compares the scanner with the oracle over texts longer than all of them can be tried.</summary>
public sealed class MessageEndScannerPropertyTests
{
    [Theory]
    [InlineData(BareNewlinePolicy.RejectAmbiguousEnd)]
    [InlineData(BareNewlinePolicy.Reject)]
    [InlineData(BareNewlinePolicy.Pass)]
    public void Scan_AnyTextAndAnySplit_AgreesWithTheOracle(BareNewlinePolicy policy) => Prop.ForAll(
        Arrival.Of(Gen.OneOf(
            Arrival.Of("\r\n", "..", "x", "text of a line\r\n", ".\r\n", "\r\n..\r\n"),
            Arrival.Of("a line. It is longer than what is looked at. at once. \r\n", ".", "\n", "\r", "\r\n.x", "\r\n..\n", "......"),
            Arrival.Of("\r\n", "\r", "\n", ".", "x", "\0", "\r\n.\n", "text of a line\r\n"))),
        arrival =>
        {
            var expected = MessageEndOracle.Of(arrival.Text, policy);
            var end = MessageEndOracle.Of(arrival.Text, BareNewlinePolicy.Pass);

            var problem = MessageEndScannerExhaustiveTests.Compare(
                arrival.Text, MessageEndFeed.Run(arrival.Octets, policy, arrival.Delivery), expected, end);

            Assert.True(problem is null, problem);
        }).Check(Arrival.Many);
}
