using SmtpProxy.Accounting;
using Xunit;

namespace SmtpProxy.Tests.Accounting;

public sealed class QueueIdTests
{
    [Theory]
    [InlineData("2.0.0 Ok: queued as 4Zx1Bq2cPz", "4Zx1Bq2cPz")]
    [InlineData("2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 9F1B2, more", "9F1B2")]
    [InlineData("Queued as ABC.", "ABC")]
    [InlineData("2.6.0 <a1@x.example> [InternalId=42, Hostname=mx] 1500 bytes in 0.1, 8 KB/sec Queued mail for delivery", "42")]
    [InlineData("2.6.0 <a1@x.example> Queued mail for delivery", "a1@x.example")]
    [InlineData("OK id=1abCde-0001xY-2Z", "1abCde-0001xY-2Z")]
    [InlineData("ok 1700000000 qp 4711", "4711")]
    [InlineData("2.0.0 4AB1cd000001 Message accepted for delivery", "4AB1cd000001")]
    [InlineData("2.0.0 Ok", "")]
    [InlineData("", "")]
    [InlineData("Ok: queued as ", "")]
    public void Find_ReplyOfAServer_IsItsIdentifier(string text, string expected)
    {
        Assert.Equal(expected, QueueId.Find(text).ToString());
    }

    [Fact]
    public void Find_EndlessToken_IsNoIdentifier()
    {
        Assert.True(QueueId.Find("queued as " + new string('x', 65)).IsEmpty);
    }
}
