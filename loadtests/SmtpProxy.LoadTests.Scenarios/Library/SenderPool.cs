namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>The senders of a load, all equally likely or as in life: few send most.</summary>
internal sealed class SenderPool
{
    private readonly string[] _senders;
    private readonly double[] _cumulative;

    /// <param name="count">How many senders.</param>
    /// <param name="exponent">Zipf's: 0 for equal shares; at 1 the second sends half as much as the first, the third a third.</param>
    public SenderPool(int count, double exponent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _senders = [.. Enumerable.Range(1, count).Select(static number => $"sender{number}@example.org")];
        _cumulative = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += Math.Pow(i + 1, -exponent);
            _cumulative[i] = sum;
        }
    }

    /// <summary>The next sender.</summary>
    public string Pick(Random random)
    {
        var found = Array.BinarySearch(_cumulative, random.NextDouble() * _cumulative[^1]);
        return _senders[Math.Min(found < 0 ? ~found : found, _senders.Length - 1)];
    }
}
