using System.Buffers;

namespace SmtpProxy.Protocol.Tests;

/// <summary>Plays a pipe: octets arrive in pieces, and those that were not consumed are passed again with more behind them.</summary>
internal sealed class Feeder(byte[] input, Delivery delivery)
{
    /// <summary>Takes what it can from the start of the buffer; true to be called again with the rest of it.</summary>
    public delegate bool Taker(ref ReadOnlySequence<byte> buffer);

    /// <summary>The most octets that were left unconsumed when more had to arrive.</summary>
    public int MostHeld { get; private set; }

    /// <summary>Octets consumed so far.</summary>
    public int Consumed { get; private set; }

    /// <summary>Feeds all pieces and returns what was left of them.</summary>
    public string Run(Taker take)
    {
        foreach (var end in delivery.Ends)
        {
            var buffer = delivery.Shape(input.AsMemory(Consumed, end - Consumed));
            while (take(ref buffer))
            {
                Consumed = end - (int)buffer.Length;
            }

            Consumed = end - (int)buffer.Length;
            MostHeld = Math.Max(MostHeld, (int)buffer.Length);
        }

        return Wire.Text(input.AsSpan(Consumed));
    }
}
