namespace SmtpProxy.TestKit.Servers;

/// <summary>A part of a script that is played only when the peer says the expected thing next.</summary>
public sealed record OptionalStep
{
    /// <summary>What the peer may say.</summary>
    public required string Expect { get; init; }

    /// <summary>The answer, with escapes.</summary>
    public required string Send { get; init; }
}
