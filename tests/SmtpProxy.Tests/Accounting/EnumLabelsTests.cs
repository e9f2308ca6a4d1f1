using SmtpProxy.Accounting;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Accounting;

public sealed class EnumLabelsTests
{
    [Theory]
    [InlineData(SessionEnd.None, "none")]
    [InlineData(SessionEnd.ClientClosed, "client_closed")]
    [InlineData((SessionEnd)200, "unknown")]
    public void Of_Member_IsSnakeCase(SessionEnd reason, string expected)
    {
        Assert.Equal(expected, EnumLabels<SessionEnd>.Of(reason));
    }

    [Fact]
    public void Of_EveryStage_HasItsOwnName()
    {
        var stages = Enum.GetValues<TransactionStage>();

        Assert.Equal(stages.Length, stages.Select(EnumLabels<TransactionStage>.Of).Distinct().Count());
        Assert.Equal("final_reply", EnumLabels<TransactionStage>.Of(TransactionStage.FinalReply));
    }
}
