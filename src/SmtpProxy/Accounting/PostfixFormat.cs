using System.Buffers;
using System.Net;
using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>The line in the shape that mail log parsers know: <c>key=value</c> pairs behind the identifier of the transaction, the verdict last.</summary>
internal sealed class PostfixFormat : ITransactionFormat
{
    /// <summary>What an address may hold without being mistaken for the line around it: a comma or a blank would end the field.</summary>
    private static readonly SearchValues<char> PlainAddress = SearchValues.Create(
        "!#$%&'*+-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <inheritdoc/>
    public void Write(TransactionRecord record, ref LineBuffer line)
    {
        var client = record.Envelope.Client;
        line.Add(client.SessionId);
        line.Add("."u8);
        line.AddValue(record.Number);

        // No reverse look-ups: Postfix writes the same when there is no name.
        line.Add(": client=unknown["u8);
        line.AddValue(ClientAddress.Of(client));
        line.Add("]"u8);
        AddLogin(record.Envelope.Login, ref line);
        line.Add(", from=<"u8);
        line.AddEscaped(record.Envelope.Sender, PlainAddress, LineBuffer.TextLimit);
        line.Add(">, nrcpt="u8);
        line.AddValue(record.AcceptedRecipients);
        line.Add(", affinity="u8);
        line.Add(EnumLabels<AffinityUse>.Of(record.Affinity));
        line.Add(", relay="u8);
        AddRelay(record, ref line);
        line.Add(", tries="u8);
        line.AddValue(record.Attempts.Count);
        line.Add(", delays="u8);
        AddDelays(record.Delays, ref line);
        line.Add(", dsn="u8);
        AddStatusCode(record, ref line);
        line.Add(", status="u8);
        line.Add(EnumLabels<TransactionOutcome>.Of(record.Outcome));
        line.Add(" ("u8);
        AddVerdict(record, ref line);
        line.Add(")"u8);
    }

    /// <summary>The same two fields that Postfix's smtpd writes for a client that has logged in.</summary>
    private static void AddLogin(ClientLogin? login, ref LineBuffer line)
    {
        if (login is null)
        {
            return;
        }

        line.Add(", sasl_method="u8);
        line.Add(login.Mechanism);
        if (login.User is { } user)
        {
            line.Add(", sasl_username="u8);
            line.AddEscaped(user, PlainAddress, LineBuffer.TextLimit);
        }
    }

    private static void AddRelay(TransactionRecord record, ref LineBuffer line)
    {
        if (record.Attempts.Count == 0)
        {
            line.Add("none"u8);
            return;
        }

        var last = record.Attempts[^1];
        line.AddEscaped(last.Destination, PlainAddress, LineBuffer.NameLimit);
        switch (last.EndPoint)
        {
            case IPEndPoint ip:
                line.Add("["u8);
                line.AddValue(ip.Address);
                line.Add("]:"u8);
                line.AddValue(ip.Port);
                break;
            case DnsEndPoint dns:
                line.Add("["u8);
                line.AddEscaped(dns.Host, PlainAddress, LineBuffer.NameLimit);
                line.Add("]:"u8);
                line.AddValue(dns.Port);
                break;
            default:
                break;
        }
    }

    private static void AddDelays(in TransactionDelays delays, ref LineBuffer line)
    {
        PostfixDelay.Add(delays.Routing, ref line);
        line.Add("/"u8);
        PostfixDelay.Add(delays.Queue, ref line);
        line.Add("/"u8);
        PostfixDelay.Add(delays.Connection, ref line);
        line.Add("/"u8);
        PostfixDelay.Add(delays.Transmission, ref line);
    }

    private static void AddStatusCode(TransactionRecord record, ref LineBuffer line)
    {
        if (!record.Enhanced.IsNone)
        {
            ReplyText.AddEnhanced(record.Enhanced, ref line);
        }
        else if (record.Code is >= 200 and <= 599)
        {
            // As Postfix does for a reply without an enhanced code.
            line.AddValue(record.Code / 100);
            line.Add(".0.0"u8);
        }
        else
        {
            line.Add("-"u8);
        }
    }

    private static void AddVerdict(TransactionRecord record, ref LineBuffer line)
    {
        if (record.Code != 0 || record.ReplyText.Length > 0)
        {
            ReplyText.Add(record, ref line);
        }
        else
        {
            line.Add("no reply; stage "u8);
            line.Add(EnumLabels<TransactionStage>.Of(record.Stage));
        }
    }
}
