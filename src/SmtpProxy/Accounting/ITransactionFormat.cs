using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>A shape of the transaction log line.</summary>
internal interface ITransactionFormat
{
    /// <summary>Writes one whole line, without its line end.</summary>
    void Write(TransactionRecord record, ref LineBuffer line);
}
