using SmtpProxy.Host.Demo;
using Xunit;

namespace SmtpProxy.FunctionalTests.Host;

public sealed class DemoLedgerTests
{
    [Fact]
    public void FindOffenders_EachAcceptedMessageInOneSink_None()
    {
        var ledger = new DemoLedger();
        ledger.Accept("1");
        ledger.Accept("2");

        Assert.Empty(ledger.FindOffenders([Sink("b1", ("1", 1)), Sink("b2", ("2", 1))]));
    }

    [Fact]
    public void FindOffenders_LostAndDoubled_AreNamed()
    {
        var ledger = new DemoLedger();
        ledger.Accept("lost");
        ledger.Accept("twice");
        ledger.Accept("both");
        ledger.GiveUp("refused", "refused with 550 no");

        var offenders = ledger.FindOffenders([Sink("b1", ("twice", 2), ("both", 1)), Sink("b2", ("both", 1))]);

        Assert.Equal(
            [
                "both: told 2xx, but 2 copies: 1 in b1, 1 in b2",
                "lost: told 2xx, but in no sink",
                "refused: refused with 550 no",
                "twice: told 2xx, but 2 copies: 2 in b1",
            ],
            offenders.Order(StringComparer.Ordinal));
    }

    private static KeyValuePair<string, IReadOnlyDictionary<string, int>> Sink(string name, params (string Id, int Copies)[] messages) =>
        new(name, messages.ToDictionary(m => m.Id, m => m.Copies));
}
