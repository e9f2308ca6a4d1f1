namespace SmtpProxy.Model;

/// <summary>Canonical form of the sender that affinity is kept for, in clear text.</summary>
/// <param name="Value">The key, or null when the transaction has none (null sender, affinity disabled).</param>
public readonly record struct SenderKey(string? Value)
{
    /// <summary>The key of a transaction without affinity.</summary>
    public static SenderKey None => default;

    /// <summary>True when there is no key.</summary>
    public bool IsNone => Value is null;

    /// <inheritdoc/>
    public override string ToString() => Value ?? "-";
}
