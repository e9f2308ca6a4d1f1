using System.IO.Pipelines;

namespace SmtpProxy.TransportTests.Fuzz;

/// <summary>Writes a stream in every way there is, cancelled at any time by others.</summary>
internal sealed class RandomWriter(PipeWriter output, int seed, long length)
{
    private readonly Random _random = new(seed);
    private long _position;

    /// <summary>Octets that were handed to the pipe.</summary>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        while (_position < length)
        {
            var result = _random.Next(3) == 0
                ? await WriteOwnAsync(cancellationToken)
                : await GatherAsync(cancellationToken);
            while (result.IsCanceled && !result.IsCompleted)
            {
                result = await output.FlushAsync(cancellationToken);
            }

            if (result.IsCompleted)
            {
                return _position;
            }
        }

        await output.CompleteAsync();
        return _position;
    }

    private async ValueTask<FlushResult> WriteOwnAsync(CancellationToken cancellationToken)
    {
        var octets = new byte[Size()];
        OctetStream.Fill(octets, seed, _position);
        _position += octets.Length;
        var result = await output.WriteAsync(octets, cancellationToken);

        // The pipe has no claim on it any more.
        octets.AsSpan().Clear();
        return result;
    }

    private ValueTask<FlushResult> GatherAsync(CancellationToken cancellationToken)
    {
        for (var pieces = _random.Next(1, 5); pieces > 0; pieces--)
        {
            var size = Size();
            var room = output.GetSpan(_random.Next(2) == 0 ? size : 0);
            size = Math.Min(size, room.Length);
            OctetStream.Fill(room[..size], seed, _position);
            output.Advance(size);
            _position += size;
        }

        return output.FlushAsync(cancellationToken);
    }

    private int Size() => (int)Math.Min(_random.Next(4) == 0 ? _random.Next(1, 200_000) : _random.Next(1, 500), Math.Max(1, length - _position));
}
