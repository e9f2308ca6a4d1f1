using SmtpProxy.Configuration.Formats;

namespace SmtpProxy.Configuration.Schema.Kinds;

/// <summary>The kinds of values there are, as the tables of keys name them.</summary>
internal static class Kind
{
    // Timers of the platform count milliseconds in 32 bits.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(24);

    /// <summary>True or false.</summary>
    public static ScalarKind Switch { get; } = new SwitchKind();

    /// <summary>A time-out or interval: 1 ms to 24 days.</summary>
    public static ScalarKind Timeout { get; } = new DurationKind(TimeSpan.FromMilliseconds(1), LongestTimer);

    /// <summary>A wait that may be none: up to 24 days.</summary>
    public static ScalarKind Wait { get; } = new DurationKind(TimeSpan.Zero, LongestTimer);

    /// <summary>How long something is kept: 1 s to ten years.</summary>
    public static ScalarKind Lifetime { get; } = new DurationKind(TimeSpan.FromSeconds(1), TimeSpan.FromDays(3650));

    /// <summary>A file that must be there.</summary>
    public static ScalarKind InputFile { get; } = new FileKind(mustExist: true);

    /// <summary>A file that is made.</summary>
    public static ScalarKind OutputFile { get; } = new FileKind(mustExist: false);

    /// <summary>An address to listen on.</summary>
    public static ScalarKind ListenAddress { get; } =
        new TextKind("listen address", Formats.ListenAddress.Forms, x => Formats.ListenAddress.TryParse(x, out _));

    /// <summary>The address of a server.</summary>
    public static ScalarKind ServerAddress { get; } = new TextKind(
        "server address", "mta.example.com:25, 10.0.0.1:25, [2001:db8::1]:25; port 25 when left out",
        x => HostPort.TryParse(x, HostPort.SmtpPort, out var parsed) && parsed.Port > 0);

    /// <summary>The address of a name server.</summary>
    public static ScalarKind NameServer { get; } = new TextKind(
        "name server", "127.0.0.1:53, [::1]:53",
        x => HostPort.TryParse(x, 0, out var parsed) && parsed is { Address: not null, Port: > 0 });

    /// <summary>A host name.</summary>
    public static ScalarKind Hostname { get; } =
        new TextKind("host name", "letters, digits, '-', '_' and '.', as mx.example.com", HostnameSyntax.IsValid);

    /// <summary>A network or a single address.</summary>
    public static ScalarKind Network { get; } =
        new TextKind("network", "10.0.0.0/8, 2001:db8::/32, 127.0.0.1", x => NetworkSyntax.TryParse(x, out _));

    /// <summary>An EHLO line.</summary>
    public static ScalarKind Capability { get; } =
        new TextKind("capability", $"a line that begins with one of {CapabilityLine.Forms}", CapabilityLine.IsValid);

    /// <summary>A domain or all below one.</summary>
    public static ScalarKind DomainPattern { get; } =
        new TextKind("domain pattern", "example.de, *.example.de", AddressSyntax.IsDomainPattern);

    /// <summary>A sender.</summary>
    public static ScalarKind Sender { get; } = new TextKind("sender", "user@example.de, <>", AddressSyntax.IsSender);

    /// <summary>A mail address.</summary>
    public static ScalarKind Mailbox { get; } = new TextKind("mail address", "user@example.de", AddressSyntax.IsMailbox);

    /// <summary>A mail address or nothing.</summary>
    public static ScalarKind MailboxOrEmpty { get; } =
        new TextKind("mail address", "user@example.de, or empty", x => x.Length == 0 || AddressSyntax.IsMailbox(x));

    /// <summary>An enhanced code of class 4.</summary>
    public static ScalarKind TransientCode { get; } = new TextKind("transient enhanced code", "4.7.1", AddressSyntax.IsTransientCode);

    /// <summary>A name that the operator gave to something.</summary>
    public static ScalarKind Reference { get; } = new TextKind("name", AddressSyntax.IdentifierForms, AddressSyntax.IsIdentifier);

    /// <summary>Any text but none.</summary>
    public static ScalarKind Text { get; } =
        new TextKind("text", "any text that is not empty", x => x.Length > 0 && !x.Any(char.IsControl));

    /// <summary>The URL of a member of etcd.</summary>
    public static ScalarKind EtcdUrl { get; } = new TextKind("URL", "http://127.0.0.1:2379, https://etcd.example.com:2379", IsEtcdUrl);

    /// <summary>What keys in etcd begin with.</summary>
    public static ScalarKind KeyPrefix { get; } = new TextKind(
        "prefix", "/smtpproxy/v1: it begins with '/' and does not end with one",
        x => x is ['/', .., not '/'] && !x.Any(char.IsWhiteSpace));

    /// <summary>A whole number within bounds.</summary>
    public static ScalarKind Number(int min, int max) => new NumberKind(min, max);

    /// <summary>A member of an enumeration.</summary>
    public static ScalarKind Choice<TEnum>()
        where TEnum : struct, Enum => new ChoiceKind<TEnum>();

    /// <summary>One of the names of a list.</summary>
    public static ScalarKind Name(IReadOnlyList<string> known) => new NameKind(known);

    /// <summary>Several of a kind.</summary>
    public static ValueKind List(ScalarKind item) => new ListKind(item);

    /// <summary>Values under names that the operator gives.</summary>
    public static ValueKind Table<TValue>(ValueKind item)
        where TValue : class => new TableKind<TValue>(item);

    private static bool IsEtcdUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url is { PathAndQuery: "/", UserInfo: "", Fragment: "" };
}
