using System.Text.Json;
using System.Text.Json.Serialization;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Servers;

/// <summary>One step of a server that follows a script; exactly one of its actions is set.</summary>
public sealed record ScriptStep
{
    private const string Endless = "forever";

    /// <summary>Octets to send, with escapes.</summary>
    public string? Send { get; init; }

    /// <summary>How often <see cref="Send"/> is sent: a number or the word <c>forever</c>.</summary>
    public JsonElement? Repeat { get; init; }

    /// <summary>Time between repetitions; without it they go out in one write.</summary>
    public int? EveryMs { get; init; }

    /// <summary>Pattern that the octets of the peer must match; they are taken up to its end.</summary>
    public string? Expect { get; init; }

    /// <summary>Played only when the peer's next octets match.</summary>
    public OptionalStep? Optional { get; init; }

    /// <summary>Lets time pass while taking in what comes.</summary>
    public int? WaitMs { get; init; }

    /// <summary><c>handshake</c>: goes under TLS as the server.</summary>
    public string? Tls { get; init; }

    /// <summary>Closes.</summary>
    public CloseHow? Close { get; init; }

    /// <summary>As the first step of a connection's script: nobody listens when that connection is made.</summary>
    public bool Refuse { get; init; }

    /// <summary><c>default</c>: goes on as the well-behaved server.</summary>
    public string? Serve { get; init; }

    /// <summary>With <see cref="Serve"/>: without a banner of its own.</summary>
    public bool NoBanner { get; init; }

    /// <summary>Watches for that time that the peer says nothing.</summary>
    public int? ExpectSilenceMs { get; init; }

    /// <summary>What a peer gets that spoke.</summary>
    public string? ElseSend { get; init; }

    /// <summary>Whether a peer that spoke is left.</summary>
    public bool ElseClose { get; init; }

    /// <summary>True when <see cref="Send"/> never ends.</summary>
    [JsonIgnore]
    public bool IsEndless => Repeat is { ValueKind: JsonValueKind.String } word && word.GetString() == Endless;

    /// <summary>How often <see cref="Send"/> is sent when it ends.</summary>
    [JsonIgnore]
    public int Times => Repeat is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : 1;
}
