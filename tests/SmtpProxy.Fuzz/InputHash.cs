namespace SmtpProxy.Fuzz;

/// <summary>A hash that is the same in every process (FNV-1a).</summary>
internal static class InputHash
{
    private const uint Start = 2166136261;
    private const uint Prime = 16777619;

    public static int Of(ReadOnlySpan<byte> octets)
    {
        var hash = Start;
        foreach (var octet in octets)
        {
            hash = (hash ^ octet) * Prime;
        }

        return (int)hash;
    }

    public static int Of(IEnumerable<int> numbers) => (int)numbers.Aggregate(Start, static (hash, number) => (hash ^ (uint)number) * Prime);
}
