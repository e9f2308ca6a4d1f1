using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Servers;

/// <summary>A message that a server has taken over.</summary>
/// <param name="Content">Its octets, without dot-stuffing and end mark.</param>
/// <param name="Recipients">The paths that were accepted.</param>
public sealed record StoredMessage(byte[] Content, IReadOnlyList<string> Recipients)
{
    /// <summary>The address of the client as the server was told, by PROXY or XCLIENT; empty when it was not.</summary>
    public string Source { get; init; } = "";

    /// <summary>As whom the sender had logged in, or null.</summary>
    public string? User { get; init; }

    /// <summary>The content as Latin-1 text.</summary>
    public string Text => Octets.TextOf(Content);
}
