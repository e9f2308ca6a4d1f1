using System.Buffers;
using System.IO.Pipelines;
using SmtpProxy.Infrastructure;
using SmtpProxy.Model;

namespace SmtpProxy.Relay;

/// <summary>Passes the octets of one BDAT from the client to the server: counted, never looked at, never more than the pipes hold (RFC 3030
/// section 2). Without a server they are swallowed, so that none of them is taken for a command.</summary>
internal sealed class ChunkRelay(ClientChannel client, BackendSession? server, TimeSpan clientTimeout, TimeSpan serverTimeout)
{
    private long _left;
    private bool _isLost;

    /// <summary>Octets of the chunk that went to the server.</summary>
    public long Bytes { get; private set; }

    /// <summary>True when the chunk's final octet may have reached the server.</summary>
    public bool MayBeComplete { get; private set; }

    private BodyEnd End => _isLost ? BodyEnd.ServerLost : BodyEnd.Sent;

    public async ValueTask<BodyEnd> RunAsync(Chunk chunk)
    {
        _left = chunk.Size;
        if (server is not null)
        {
            server.Expect(1);
            chunk.Write(server.Output);
        }

        while (_left > 0)
        {
            if (await ReadAsync() is not { } result)
            {
                return BodyEnd.ClientClosed;
            }

            var part = result.Buffer.Slice(0, Math.Min(_left, result.Buffer.Length));
            _left -= part.Length;

            // From the write with the final octet on the server may have it all.
            MayBeComplete = _left == 0 && !_isLost;
            await SendAsync(part);
            client.Advance(result, result.Buffer.Slice(part.End), needMore: _left > 0);
            if (_left == 0)
            {
                return End;
            }

            if (result.IsCompleted)
            {
                return BodyEnd.ClientClosed;
            }

            if (client.IsEnding)
            {
                return BodyEnd.Ended;
            }

            if (client.HasTimedOut)
            {
                return BodyEnd.ClientTimedOut;
            }
        }

        MayBeComplete = true;
        await SendAsync(default);
        return End;
    }

    private async ValueTask SendAsync(ReadOnlySequence<byte> part)
    {
        if (server is not null && !_isLost)
        {
            Bytes += part.Length;
            _isLost = !await server.SendAsync(part, serverTimeout);
        }
    }

    /// <summary>Null when the client's connection was reset.</summary>
    private async ValueTask<ReadResult?> ReadAsync()
    {
        try
        {
            return await client.ReadAsync(clientTimeout);
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            return null;
        }
    }
}
