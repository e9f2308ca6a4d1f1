using System.Buffers;

namespace SmtpProxy.Protocol;

/// <summary>Puts attributes behind a verb, and begins another command when a line is full.</summary>
/// <param name="output">Where the commands go.</param>
/// <param name="verb">The verb of each.</param>
/// <param name="line">Space for <see cref="MaxLine"/> octets.</param>
internal ref struct AttributeLines(IBufferWriter<byte> output, ReadOnlySpan<byte> verb, Span<byte> line)
{
    /// <summary>Octets of a line with its CR LF (RFC 5321 section 4.5.3.1.4).</summary>
    public const int MaxLine = 511;

    /// <summary>Octets of a value, so that each fits into a line of its own.</summary>
    public const int MaxValue = MaxLine - 32;

    private readonly IBufferWriter<byte> _output = output;
    private readonly ReadOnlySpan<byte> _verb = verb;
    private readonly Span<byte> _line = line;
    private int _used;
    private int _count;

    public void Add(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        if (_used > 0 && _used + name.Length + value.Length + 4 > MaxLine)
        {
            Flush();
        }

        if (_used == 0)
        {
            Put(_verb);
        }

        Put(" "u8);
        Put(name);
        Put("="u8);
        Put(value);
    }

    /// <summary>Ends the last command; returns how many there are.</summary>
    public int End()
    {
        if (_used > 0)
        {
            Flush();
        }

        return _count;
    }

    private void Flush()
    {
        Put("\r\n"u8);
        _output.Write(_line[.._used]);
        _used = 0;
        _count++;
    }

    private void Put(scoped ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_line[_used..]);
        _used += octets.Length;
    }
}
