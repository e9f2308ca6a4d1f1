namespace SmtpProxy.LoadTests.Running;

/// <summary>One of the copies that run side by side; it has one iteration at a time.</summary>
/// <param name="number">Its number.</param>
/// <param name="seed">Of the whole run.</param>
internal sealed class Copy(int number, int seed)
{
    /// <summary>Its number.</summary>
    public int Number => number;

    /// <summary>How many iterations it has begun.</summary>
    public long Iterations { get; set; }

    /// <summary>Its own chance: the same in each run with one seed.</summary>
    public Random Random { get; } = new(HashSeed(seed, number));

    // Not HashCode, which differs from process to process.
    private static int HashSeed(int seed, int number) => unchecked((seed * 397) ^ (number * 7919));
}
