namespace SmtpProxy.TestKit.Wire;

/// <summary>Octets that are added at the end and taken from the front. Not thread-safe.</summary>
internal sealed class OctetBuffer
{
    private byte[] _octets = new byte[4096];
    private int _start;
    private int _end;

    public int Length => _end - _start;

    public ReadOnlySpan<byte> Span => _octets.AsSpan(_start, Length);

    public void Append(ReadOnlySpan<byte> octets)
    {
        if (_octets.Length - _end < octets.Length)
        {
            var roomy = new byte[Math.Max(2 * Length, Length + octets.Length)];
            Span.CopyTo(roomy);
            (_octets, _start, _end) = (roomy, 0, Length);
        }

        octets.CopyTo(_octets.AsSpan(_end));
        _end += octets.Length;
    }

    public byte[] Take(int count)
    {
        var taken = Span[..Math.Min(count, Length)].ToArray();
        _start += taken.Length;
        return taken;
    }

    /// <summary>Throws away what lies behind the first <paramref name="length"/> octets.</summary>
    public void Truncate(int length) => _end = Math.Min(_end, _start + length);
}
