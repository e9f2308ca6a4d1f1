namespace SmtpProxy.Protocol;

/// <summary>A reverse-path or forward-path (RFC 5321 section 4.1.2), as octets of the command line.</summary>
public readonly ref struct EnvelopePath
{
    internal EnvelopePath(ReadOnlySpan<byte> octets, int at)
    {
        Octets = octets;
        LocalPart = at < 0 ? octets : octets[..at];
        Domain = at < 0 ? default : octets[(at + 1)..];
    }

    /// <summary>The mailbox: without brackets and source route; empty for <c>&lt;&gt;</c>.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>The local part as given, with its quotes.</summary>
    public ReadOnlySpan<byte> LocalPart { get; }

    /// <summary>The domain or address literal; empty for a lone local part.</summary>
    public ReadOnlySpan<byte> Domain { get; }

    /// <summary>True for <c>&lt;&gt;</c>.</summary>
    public bool IsNull => Octets.IsEmpty;
}
