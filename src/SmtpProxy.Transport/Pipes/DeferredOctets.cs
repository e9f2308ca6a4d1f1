namespace SmtpProxy.Transport.Pipes;

/// <summary>What was flushed and is sent at the end of the loop's turn. Apart from what is being written, which may go on on another thread
/// meanwhile.</summary>
internal sealed class DeferredOctets
{
    private WriteBuffer _octets = new();

    public int Length => (int)_octets.Length;

    public ReadOnlySpan<byte> Gathered => _octets.Gathered;

    /// <summary>Takes over what is written, without a copy where nothing waits yet, and a copy of <paramref name="source"/> behind it.</summary>
    public void Take(ref WriteBuffer written, ReadOnlySpan<byte> source)
    {
        if (_octets.Length == 0)
        {
            (_octets, written) = (written, _octets);
        }
        else
        {
            Append(written.Gathered);
            written.Release();
        }

        Append(source);
    }

    /// <summary>Takes off what was sent.</summary>
    public void Consume(int count) => _octets.Consume(count);

    /// <summary>Drops everything.</summary>
    public void Release() => _octets.Release();

    private void Append(ReadOnlySpan<byte> source)
    {
        if (!source.IsEmpty)
        {
            source.CopyTo(_octets.Room(source.Length).Span);
            _octets.Advance(source.Length);
        }
    }
}
