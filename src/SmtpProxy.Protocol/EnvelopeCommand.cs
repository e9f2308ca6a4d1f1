namespace SmtpProxy.Protocol;

/// <summary>The argument of MAIL or RCPT, read.</summary>
public readonly ref struct EnvelopeCommand
{
    /// <summary>What reading it led to; the other members count only when it is <see cref="EnvelopeStatus.Ok"/>.</summary>
    public EnvelopeStatus Status { get; init; }

    /// <summary>The path.</summary>
    public EnvelopePath Path { get; init; }

    /// <summary>The parameters as given, without the blanks around them.</summary>
    public ReadOnlySpan<byte> Parameters { get; init; }

    /// <summary>Extensions that a server must offer to take the parameters.</summary>
    public SmtpExtensions Required { get; init; }

    /// <summary>The SIZE parameter in octets, -1 when it was not given.</summary>
    public long Size { get; init; }

    /// <summary>The BODY parameter.</summary>
    public BodyType Body { get; init; }

    /// <summary>True when the path has octets above 127.</summary>
    public bool HasUtf8Path { get; init; }
}
