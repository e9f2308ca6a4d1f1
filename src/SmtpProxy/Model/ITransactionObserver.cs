namespace SmtpProxy.Model;

/// <summary>A consumer of finished transactions. Called once per transaction, in the order of registration, on the session's own thread:
/// it must return at once and must not throw; slow work is queued by the observer itself, with a bound.</summary>
public interface ITransactionObserver
{
    /// <summary>Takes note of a finished transaction.</summary>
    void OnCompleted(TransactionRecord record);
}
