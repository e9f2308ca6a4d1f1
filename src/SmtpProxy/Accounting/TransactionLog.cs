using System.Buffers;
using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>Writes one line for each finished transaction.</summary>
internal sealed class TransactionLog(LogFormat format, ILineSink sink) : ITransactionObserver
{
    private readonly ITransactionFormat _format = format == LogFormat.Json ? new JsonFormat() : new PostfixFormat();

    /// <inheritdoc/>
    public void OnCompleted(TransactionRecord record)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LineBuffer.Size + 1);
        try
        {
            // The line end has an octet of its own, so that no text can push it out.
            var line = new LineBuffer(buffer.AsSpan(0, LineBuffer.Size));
            _format.Write(record, ref line);
            var length = line.Written.Length;
            buffer[length] = (byte)'\n';
            sink.Write(buffer.AsSpan(0, length + 1));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
