namespace SmtpProxy.TransportTests.Fuzz;

/// <summary>The octets that one direction of a connection carries: each tells its place.</summary>
internal static class OctetStream
{
    public static void Fill(Span<byte> target, int seed, long position)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = At(seed, position + i);
        }
    }

    public static bool Matches(ReadOnlySpan<byte> octets, int seed, long position)
    {
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] != At(seed, position + i))
            {
                return false;
            }
        }

        return true;
    }

    private static byte At(int seed, long position) => (byte)((ulong)(position + 1) * 0x9E3779B97F4A7C15 >> (seed & 31));
}
