using Microsoft.Extensions.Logging;
using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>Hands each finished transaction to every observer once. The only caller of <see cref="ITransactionObserver"/>.</summary>
internal sealed partial class TransactionAccountant(IEnumerable<ITransactionObserver> observers, ILogger<TransactionAccountant> logger)
{
    private readonly ObserverList<ITransactionObserver> _observers = new(observers, (fault, observer) => Log.ObserverFailed(logger, fault, observer));

    /// <summary>Accounts for <paramref name="record"/>. Called once per transaction, when it has ended.</summary>
    public void Complete(TransactionRecord record) => _observers.Tell(record, static (observer, record) => observer.OnCompleted(record));

    private static partial class Log
    {
        [LoggerMessage(1900, LogLevel.Error, "The transaction observer {Observer} failed; further faults of this kind are not logged.")]
        public static partial void ObserverFailed(ILogger logger, Exception exception, string observer);
    }
}
