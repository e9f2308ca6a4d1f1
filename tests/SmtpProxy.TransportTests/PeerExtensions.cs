using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace SmtpProxy.TransportTests;

internal static class PeerExtensions
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task SayAsync(this Socket peer, string text) => await peer.SendAsync(Encoding.ASCII.GetBytes(text), Token);

    /// <summary>All that comes until the end of the stream.</summary>
    public static async Task<byte[]> ReadToEndAsync(this Socket peer)
    {
        using var all = new MemoryStream();
        var block = new byte[65536];
        while (await peer.ReceiveAsync(block, Token) is var count and > 0)
        {
            all.Write(block, 0, count);
        }

        return all.ToArray();
    }

    public static void Reset(this Socket peer)
    {
        peer.LingerState = new LingerOption(true, 0);
        peer.Dispose();
    }

    public static string Text(this ReadResult result) => Encoding.ASCII.GetString(result.Buffer.ToArray());

    /// <summary>Reads until <paramref name="length"/> octets are there, and leaves them unconsumed, examined.</summary>
    public static async Task<ReadResult> ReadAtLeastExaminedAsync(this PipeReader reader, int length)
    {
        while (true)
        {
            var result = await reader.ReadAsync(Token);
            if (result.Buffer.Length >= length || result.IsCompleted)
            {
                return result;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
