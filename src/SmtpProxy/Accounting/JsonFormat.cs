using System.Buffers;
using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>The line as one JSON object. Non-ASCII characters are escaped, so that any reader of lines can take it.</summary>
internal sealed class JsonFormat : ITransactionFormat
{
    /// <summary>Printable ASCII but the quote and the backslash.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <inheritdoc/>
    public void Write(TransactionRecord record, ref LineBuffer line)
    {
        var envelope = record.Envelope;
        line.Add("{\"txn\":\""u8);
        line.AddValue(record.Id);
        line.Add("\",\"session\":\""u8);
        line.AddEscaped(envelope.Client.SessionId, Plain, LineBuffer.NameLimit);
        line.Add("\",\"listener\":\""u8);
        line.AddEscaped(envelope.Client.Listener, Plain, LineBuffer.NameLimit);
        line.Add("\",\"client\":\""u8);
        line.AddValue(ClientAddress.Of(envelope.Client));
        line.Add("\",\"helo\":\""u8);
        line.AddEscaped(envelope.Helo, Plain, LineBuffer.TextLimit);
        line.Add(record.IsTls ? "\",\"tls\":true,\"from\":\""u8 : "\",\"tls\":false,\"from\":\""u8);
        line.AddEscaped(envelope.Sender, Plain, LineBuffer.TextLimit);
        line.Add("\""u8);
        AddLogin(envelope.Login, ref line);
        line.Add(",\"nrcpt\":"u8);
        line.AddValue(record.AcceptedRecipients);
        AddText(",\"key\":"u8, record.Key.Value, LineBuffer.TextLimit, ref line);
        AddText(",\"route\":"u8, record.Route, LineBuffer.NameLimit, ref line);
        AddText(",\"cluster\":"u8, record.Cluster, LineBuffer.NameLimit, ref line);
        AddText(",\"destination\":"u8, record.Destination, LineBuffer.NameLimit, ref line);
        line.Add(",\"attempts\":"u8);
        line.AddValue(record.Attempts.Count);
        AddVerdict(record, ref line);
        line.Add("}"u8);
    }

    /// <summary>Only for a client that has logged in.</summary>
    private static void AddLogin(ClientLogin? login, ref LineBuffer line)
    {
        if (login is not null)
        {
            line.Add(",\"auth\":\""u8);
            line.Add(login.Mechanism);
            line.Add("\""u8);
            AddText(",\"user\":"u8, login.User, LineBuffer.TextLimit, ref line);
        }
    }

    private static void AddVerdict(TransactionRecord record, ref LineBuffer line)
    {
        line.Add(",\"stage\":\""u8);
        line.Add(EnumLabels<TransactionStage>.Of(record.Stage));
        line.Add("\",\"reply\":\""u8);
        AddReply(record, ref line);
        line.Add("\",\"dsn\":\""u8);
        if (!record.Enhanced.IsNone)
        {
            ReplyText.AddEnhanced(record.Enhanced, ref line);
        }

        line.Add("\",\"bytes\":"u8);
        line.AddValue(record.Bytes);
        line.Add(",\"duration_ms\":"u8);
        line.AddValue((long)record.Duration.TotalMilliseconds);
        line.Add(",\"queue_id\":"u8);
        var queueId = record.Outcome == TransactionOutcome.Relayed ? QueueId.Find(record.ReplyText) : default;
        AddText(queueId, ref line);

        // Beyond the fields of the contract: a lost message and a deferred one look alike in their replies.
        line.Add(",\"affinity\":\""u8);
        line.Add(EnumLabels<AffinityUse>.Of(record.Affinity));
        line.Add("\",\"status\":\""u8);
        line.Add(EnumLabels<TransactionOutcome>.Of(record.Outcome));
        line.Add("\""u8);
    }

    private static void AddReply(TransactionRecord record, ref LineBuffer line)
    {
        if (record.Code != 0 || record.ReplyText.Length > 0)
        {
            ReplyText.Add(record, ref line);
        }
    }

    private static void AddText(ReadOnlySpan<byte> name, string? value, int limit, ref LineBuffer line)
    {
        line.Add(name);
        if (value is null)
        {
            line.Add("null"u8);
            return;
        }

        line.Add("\""u8);
        line.AddEscaped(value, Plain, limit);
        line.Add("\""u8);
    }

    private static void AddText(ReadOnlySpan<char> value, ref LineBuffer line)
    {
        if (value.IsEmpty)
        {
            line.Add("null"u8);
            return;
        }

        line.Add("\""u8);
        line.AddEscaped(value, Plain, QueueId.Limit);
        line.Add("\""u8);
    }
}
