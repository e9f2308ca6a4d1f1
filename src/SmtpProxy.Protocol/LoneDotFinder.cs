using System.Numerics;
using System.Runtime.InteropServices;

namespace SmtpProxy.Protocol;

/// <summary>Finds a dot with a CR or a LF on either side: every end of a text has one, and so has all that might be taken for an end. Looks at many octets
/// at once, and its speed does not depend on how long lines are.</summary>
internal static class LoneDotFinder
{
    /// <summary>The index of the octet ahead of the first such dot, or -1.</summary>
    public static int IndexOf(ReadOnlySpan<byte> span)
    {
        var i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            // Each step reads two octets beyond the vector that holds the octets ahead of the dots.
            for (; i <= span.Length - Vector<byte>.Count - 2; i += Vector<byte>.Count)
            {
                var dots = Vector.Equals(Load(span, i + 1), new Vector<byte>((byte)'.'));
                if (dots != Vector<byte>.Zero && (dots & LineEnds(Load(span, i)) & LineEnds(Load(span, i + 2))) != Vector<byte>.Zero)
                {
                    return i + IndexOneByOne(span[i..]);
                }
            }
        }

        var rest = IndexOneByOne(span[i..]);
        return rest < 0 ? -1 : i + rest;
    }

    private static int IndexOneByOne(ReadOnlySpan<byte> span)
    {
        for (var i = 0; i < span.Length - 2; i++)
        {
            if (span[i + 1] == '.' && IsLineEnd(span[i]) && IsLineEnd(span[i + 2]))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsLineEnd(byte octet) => octet is (byte)'\r' or (byte)'\n';

    private static Vector<byte> LineEnds(Vector<byte> octets) =>
        Vector.Equals(octets, new Vector<byte>((byte)'\r')) | Vector.Equals(octets, new Vector<byte>((byte)'\n'));

    private static Vector<byte> Load(ReadOnlySpan<byte> span, int at) => Vector.LoadUnsafe(ref MemoryMarshal.GetReference(span), (nuint)at);
}
