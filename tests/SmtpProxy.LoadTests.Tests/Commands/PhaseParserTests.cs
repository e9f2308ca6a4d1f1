using SmtpProxy.LoadTests.Commands;
using SmtpProxy.LoadTests.Scenarios;
using Xunit;

namespace SmtpProxy.LoadTests.Tests.Commands;

public sealed class PhaseParserTests
{
    [Theory]
    [InlineData("keep:20:10s", PhaseKind.KeepConstant, 20, 10)]
    [InlineData("ramp:50:500ms", PhaseKind.RampingConstant, 50, 0.5)]
    [InlineData("inject:0.5:1m", PhaseKind.Inject, 0.5, 60)]
    [InlineData("ramp-inject:500:2s", PhaseKind.RampingInject, 500, 2)]
    [InlineData("pause:2s", PhaseKind.Pause, 0, 2)]
    public void Parse_Phase_IsWhatWasWritten(string text, PhaseKind kind, double load, double seconds) =>
        Assert.Equal(new LoadPhase(kind, load, TimeSpan.FromSeconds(seconds)), PhaseParser.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("keep:20")]
    [InlineData("keep:1.5:10s")]
    [InlineData("keep:-1:10s")]
    [InlineData("inject:0:10s")]
    [InlineData("inject:5:10")]
    [InlineData("inject:5:s")]
    [InlineData("pause:0s")]
    [InlineData("burst:5:10s")]
    public void Parse_Nonsense_IsNull(string text) => Assert.Null(PhaseParser.Parse(text));
}
