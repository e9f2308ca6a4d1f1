namespace SmtpProxy.TestKit.Affinity;

/// <summary><see cref="Poll"/> with the patience that a store under test may need.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Waits until the condition holds; throws <see cref="TimeoutException"/> that names what was waited for.</summary>
    public static Task HoldsAsync(
        Func<bool> condition, string what, TimeSpan? limit = null, CancellationToken cancellationToken = default) =>
        Poll.UntilAsync(condition, limit ?? Patience, what, cancellationToken);
}
