namespace SmtpProxy.Routing.LoadBalancing;

/// <summary>Weighted rendezvous hashing. The values are part of the contract between proxies: all of them, of any version and on any
/// machine, must come to the same choice while they cannot talk to each other.</summary>
internal static class RendezvousHash
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>FNV-1a over UTF-16 units.</summary>
    public static ulong OfKey(ReadOnlySpan<char> key)
    {
        var hash = FnvOffset;
        foreach (var unit in key)
        {
            hash = (hash ^ unit) * FnvPrime;
        }

        return hash;
    }

    /// <summary>The same for an identifier, which is the same identifier in any case.</summary>
    public static ulong OfId(ReadOnlySpan<char> id)
    {
        var hash = FnvOffset;
        foreach (var unit in id)
        {
            hash = (hash ^ char.ToLowerInvariant(unit)) * FnvPrime;
        }

        return hash;
    }

    /// <summary>How strongly a key is drawn to a destination: the highest score wins. With <c>-w/ln(u)</c> the chance to win is in
    /// proportion to the weight, and a score depends on no other destination: one that leaves moves its own keys only.</summary>
    public static double Score(ulong key, ulong id, int weight)
    {
        var mixed = Mix(key ^ Mix(id));

        // 52 bits and a half: strictly between 0 and 1, and exact, so that the logarithm is neither 0 nor infinite.
        var uniform = ((mixed >> 12) + 0.5) / (1L << 52);
        return -weight / Math.Log(uniform);
    }

    /// <summary>The finaliser of MurmurHash3: every bit of the input flips half of the output.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xff51afd7ed558ccd;
        value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53;
        return value ^ (value >> 33);
    }
}
