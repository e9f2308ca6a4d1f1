namespace SmtpProxy.TestKit.Cases;

/// <summary>A part of the octets that are expected.</summary>
public sealed record ExactPart
{
    /// <summary>The octets, with escapes.</summary>
    public required string Bytes { get; init; }

    /// <summary>How often they follow each other.</summary>
    public int Repeat { get; init; } = 1;
}
