using System.Buffers;

namespace SmtpProxy.Accounting;

/// <summary>Finds the identifier that a server gave to a message, in the text of its reply: the way from our line to the server's log.</summary>
internal static class QueueId
{
    /// <summary>Characters that an identifier may have; a Message-ID is the longest.</summary>
    public const int Limit = 64;

    private const string MailQueued = "Queued mail for delivery";
    private static readonly SearchValues<char> TokenEnds = SearchValues.Create(" \t\r\n,;()[]<>\"");

    /// <summary>The identifier, or nothing. Hostile like the text itself.</summary>
    public static ReadOnlySpan<char> Find(ReadOnlySpan<char> text)
    {
        // Postfix and others: "2.0.0 Ok: queued as 4Zx1".
        var found = After(text, "queued as ");

        // Exchange: "2.6.0 <id@host> [InternalId=42, Hostname=mx] 1500 bytes … Queued mail for delivery"; older ones without the bracket.
        found = found.IsEmpty ? After(text, "[InternalId=") : found;
        found = found.IsEmpty && text.Contains(MailQueued, StringComparison.OrdinalIgnoreCase) ? After(text, "<") : found;

        // Exim: "OK id=1abCde-0001xY-2Z".
        found = found.IsEmpty ? After(text, "OK id=") : found;

        // qmail: "ok 1700000000 qp 4711".
        found = found.IsEmpty && text.StartsWith("ok ", StringComparison.OrdinalIgnoreCase) ? After(text, " qp ") : found;

        // Sendmail: "2.0.0 4AB1cd Message accepted for delivery".
        return found.IsEmpty ? WordBefore(text, " Message accepted for delivery") : found;
    }

    private static ReadOnlySpan<char> After(ReadOnlySpan<char> text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? default : Token(text[(at + mark.Length)..]);
    }

    private static ReadOnlySpan<char> WordBefore(ReadOnlySpan<char> text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? default : Token(text[(text[..at].LastIndexOf(' ') + 1)..at]);
    }

    private static ReadOnlySpan<char> Token(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(TokenEnds);
        var token = (end < 0 ? text : text[..end]).TrimEnd('.');
        return token.Length > Limit ? default : token;
    }
}
