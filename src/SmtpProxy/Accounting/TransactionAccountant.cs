using Microsoft.Extensions.Logging;
using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>Hands each finished transaction to every observer once. The only caller of <see cref="ITransactionObserver"/>: no fault of an observer
/// reaches the session, or the observers behind it.</summary>
internal sealed partial class TransactionAccountant(IEnumerable<ITransactionObserver> observers, ILogger<TransactionAccountant> logger)
{
    private readonly ITransactionObserver[] _observers = [.. observers];
    private readonly ObserverFaults _faults = new();

    /// <summary>Accounts for <paramref name="record"/>. Called once per transaction, when it has ended.</summary>
    public void Complete(TransactionRecord record)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer.OnCompleted(record);
            }
            catch (Exception e)
            {
                if (_faults.IsNew(observer, e))
                {
                    Log.ObserverFailed(logger, e, observer.GetType().Name);
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1900, LogLevel.Error, "The transaction observer {Observer} failed; further faults of this kind are not logged.")]
        public static partial void ObserverFailed(ILogger logger, Exception exception, string observer);
    }
}
