using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace SmtpProxy.TransportTests.Fuzz;

/// <summary>Reads a stream, consuming and examining as it likes, cancelled at any time by others, and checks every octet.</summary>
internal sealed class RandomReader(PipeReader input, int seed)
{
    private readonly Random _random = new(~seed);
    private long _position;

    /// <summary>Octets that came; negative, less one, when the stream was cut off.</summary>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (_random.Next(3) != 0 || !input.TryRead(out var result))
                {
                    result = await input.ReadAsync(cancellationToken);
                }

                if (result.IsCompleted && result.Buffer.IsEmpty)
                {
                    input.AdvanceTo(result.Buffer.End);
                    return _position;
                }

                Take(result);
            }
        }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException)
        {
            return -_position - 1;
        }
    }

    private void Take(in ReadResult result)
    {
        var position = _position;
        foreach (var segment in result.Buffer)
        {
            Assert.True(OctetStream.Matches(segment.Span, seed, position), $"stream {seed} is wrong behind {position}");
            position += segment.Length;
        }

        var length = result.Buffer.Length;
        var consumed = _random.Next(3) == 0 && !result.IsCompleted ? (long)(_random.NextDouble() * length) : length;
        var examined = consumed + (long)(_random.NextDouble() * (length - consumed + 1));
        _position += consumed;
        input.AdvanceTo(result.Buffer.GetPosition(consumed), result.Buffer.GetPosition(Math.Min(examined, length)));
    }
}
