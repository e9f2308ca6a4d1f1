using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Servers;

/// <summary>How a server behaves on all its connections, or on one of them.</summary>
public sealed record ServerEntry
{
    /// <summary>What the well-behaved server offers unless told otherwise.</summary>
    public static IReadOnlyList<string> StandardCaps { get; } = ["PIPELINING", "SIZE 10485760", "8BITMIME", "ENHANCEDSTATUSCODES", "CHUNKING"];

    /// <summary>Name of the server.</summary>
    public string Backend { get; init; } = "";

    /// <summary>Number of the connection this is for, from 1; null for all others.</summary>
    public int? Conn { get; init; }

    /// <summary><c>default</c> for the well-behaved server.</summary>
    public string? Serve { get; init; }

    /// <summary>Steps of a server that follows a script.</summary>
    public IReadOnlyList<ScriptStep>? Script { get; init; }

    /// <summary>EHLO lines; empty ones are left out.</summary>
    public IReadOnlyList<string> Caps { get; init; } = StandardCaps;

    /// <summary>Time before the banner.</summary>
    public int BannerDelayMs { get; init; }

    /// <summary>Time before the answer to commands that match.</summary>
    public IReadOnlyDictionary<string, int> Delays { get; init; } = new Dictionary<string, int>();

    /// <summary>Replies that differ; the first that holds is taken.</summary>
    public IReadOnlyList<ServerRule> Rules { get; init; } = [];

    /// <summary>Responses of AUTH, joined by colons, and whose they are.</summary>
    public IReadOnlyDictionary<string, string> Auth { get; init; } = new Dictionary<string, string>();

    /// <summary>The reply to MAIL without a login; null: none is needed.</summary>
    public string? RequireAuth { get; init; }

    /// <summary>EHLO ends the login.</summary>
    public bool EhloDropsAuth { get; init; }

    /// <summary>The empty challenge comes without the blank.</summary>
    public bool Bare334 { get; init; }

    /// <summary>End marks that are taken besides the right one.</summary>
    public IReadOnlyList<string> LenientEod { get; init; } = [];

    /// <summary>Accepted for the record: the octets of a text are always kept.</summary>
    public bool RecordWireData { get; init; }

    /// <summary>Leaves a connection that has stored a message and then says nothing for that time.</summary>
    public int? IdleAfterMessageMs { get; init; }

    /// <summary>The last words to such a connection.</summary>
    public string IdleSend { get; init; } = "";

    /// <summary>How such a connection is left.</summary>
    public CloseHow IdleClose { get; init; }

    /// <summary>Set: a PROXY header comes before the greeting; of which version, it tells itself.</summary>
    public string? ExpectProxyHeader { get; init; }

    /// <summary>Most connections that are served at a time.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>What one connection more gets before it is closed; null: nothing until another one ends.</summary>
    public string? OverLimit { get; init; }

    /// <summary>A private verb after which the server takes as many octets as its first argument says.</summary>
    public string? EatsBinaryAfter { get; init; }

    /// <summary>The lines that are offered.</summary>
    internal IEnumerable<string> Offered => Caps.Where(line => line.Length > 0);

    /// <summary>True when the connection of this entry finds nobody listening.</summary>
    internal bool Refuses => Script is [{ Refuse: true }, ..];
}
