using System.Text.RegularExpressions;

namespace SmtpProxy.Configuration.Formats;

/// <summary>Tells whether a text is a mail address, a domain pattern or an enhanced code as the configuration has them.</summary>
internal static partial class AddressSyntax
{
    /// <summary>The null sender.</summary>
    public const string NullSender = "<>";

    /// <summary>What identifiers are like, for messages.</summary>
    public const string IdentifierForms = "up to 64 letters, digits, '.', '-' and '_'";

    /// <summary>True for <c>local@domain</c>.</summary>
    public static bool IsMailbox(string text)
    {
        var at = text.LastIndexOf('@');
        return at > 0 && at < text.Length - 1 && !text.AsSpan(at).Contains(' ') && !text.Any(char.IsControl);
    }

    /// <summary>True for <c>local@domain</c> or <c>&lt;&gt;</c>.</summary>
    public static bool IsSender(string text) => text == NullSender || IsMailbox(text);

    /// <summary>True for <c>example.de</c>, also in other scripts, and <c>*.example.de</c>.</summary>
    public static bool IsDomainPattern(string text) => DomainPattern.IsMatch(text);

    /// <summary>True for an enhanced code of class 4: <c>4.7.1</c>.</summary>
    public static bool IsTransientCode(string text) => TransientCode.IsMatch(text);

    /// <summary>True for what can name a listener, route, cluster or destination: it ends up in keys, URLs and metric labels.</summary>
    public static bool IsIdentifier(string text) => Identifier.IsMatch(text);

    [GeneratedRegex(@"^(\*\.)?[\p{L}\p{M}\p{N}_-]+(\.[\p{L}\p{M}\p{N}_-]+)*\z")]
    private static partial Regex DomainPattern { get; }

    [GeneratedRegex(@"^4\.[0-9]{1,3}\.[0-9]{1,3}\z")]
    private static partial Regex TransientCode { get; }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Identifier { get; }
}
