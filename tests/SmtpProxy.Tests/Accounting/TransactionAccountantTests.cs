using SmtpProxy.Accounting;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Accounting;

public sealed class TransactionAccountantTests
{
    private readonly ListLogger<TransactionAccountant> _logger = new();

    [Fact]
    public void Complete_SeveralObservers_CallsEachOnceInOrder()
    {
        var calls = new List<string>();
        var accountant = new TransactionAccountant([new Observer(_ => calls.Add("first")), new Observer(_ => calls.Add("second"))], _logger);

        accountant.Complete(Records.Relayed());

        Assert.Equal(["first", "second"], calls);
        Assert.Empty(_logger.Events);
    }

    [Fact]
    public void Complete_ObserverThrows_CallsTheOthersAndLogsTheKindOnce()
    {
        var calls = 0;
        var fault = new Observer(static record => throw (record.Number == 3 ? new FormatException() : new InvalidOperationException()));
        var accountant = new TransactionAccountant([fault, new Observer(_ => calls++)], _logger);

        for (var number = 1; number <= 4; number++)
        {
            accountant.Complete(Records.Relayed() with { Number = number });
        }

        Assert.Equal(4, calls);
        Assert.Equal([1900, 1900], _logger.Events.Select(static e => e.Id));
    }

    private sealed class Observer(Action<TransactionRecord> act) : ITransactionObserver
    {
        public void OnCompleted(TransactionRecord record) => act(record);
    }
}
