using System.Buffers;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Accounting;

/// <summary>The reply that a client got, as one piece of a log line. A server may quote the client in it, so it is as hostile as the client.</summary>
internal static class ReplyText
{
    /// <summary>Printable ASCII but the quote, the backslash and the equals sign.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>The same with the equals sign.</summary>
    private static readonly SearchValues<char> PlainWithEquals = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private static readonly string[] FieldNames = ["client", "from", "to", "nrcpt", "affinity", "relay", "tries", "delay", "delays", "dsn", "status"];

    /// <summary>Adds the code and the text, on one line, without what looks like a field of ours.</summary>
    public static void Add(TransactionRecord record, ref LineBuffer line)
    {
        var text = record.ReplyText.AsSpan();
        if (record.Code != 0 && !StartsWithCode(text, record.Code))
        {
            line.AddValue(record.Code);
            line.Add(" "u8);
        }

        AddText(text, ref line);
    }

    /// <summary>Adds an enhanced code.</summary>
    public static void AddEnhanced(EnhancedStatusCode code, ref LineBuffer line)
    {
        line.AddValue(code.Class);
        line.Add("."u8);
        line.AddValue(code.Subject);
        line.Add("."u8);
        line.AddValue(code.Detail);
    }

    private static bool StartsWithCode(ReadOnlySpan<char> text, int code) =>
        text.Length >= 3 && int.TryParse(text[..3], out var first) && first == code && (text.Length == 3 || text[3] is ' ' or '-');

    private static void AddText(ReadOnlySpan<char> text, ref LineBuffer line)
    {
        var isCut = text.Length > LineBuffer.TextLimit;
        text = text[..Math.Min(text.Length, LineBuffer.TextLimit)].TrimEnd("\r\n");
        while (!text.IsEmpty)
        {
            var end = text.IndexOfAny('\r', '\n', '=');
            if (end < 0)
            {
                line.AddEscaped(text, Plain, text.Length);
                break;
            }

            line.AddEscaped(text[..end], Plain, end);
            if (text[end] == '=')
            {
                // "=" stays readable ([InternalId=42]) unless it would make a field.
                line.AddEscaped("=", IsField(text[..end]) ? Plain : PlainWithEquals, 1);
                text = text[(end + 1)..];
            }
            else
            {
                line.Add(" "u8);
                text = text[end..].TrimStart("\r\n");
            }
        }

        if (isCut)
        {
            line.Add("..."u8);
        }
    }

    private static bool IsField(ReadOnlySpan<char> before)
    {
        foreach (var name in FieldNames)
        {
            if (before.EndsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
