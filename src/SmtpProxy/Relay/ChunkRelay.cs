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

            client.Advance(Take(result.Buffer), needMore: _left > 0);
            if (_left == 0)
            {
                break;
            }

            await FlushAsync();
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

        // From this write on the server may have it all.
        MayBeComplete = !_isLost;
        await FlushAsync();
        return _isLost ? BodyEnd.ServerLost : BodyEnd.Sent;
    }

    private async ValueTask FlushAsync() => _isLost |= server is not null && !_isLost && !await server.FlushAsync(serverTimeout);

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

    /// <summary>Copies what belongs to the chunk; returns what follows it.</summary>
    private ReadOnlySequence<byte> Take(in ReadOnlySequence<byte> buffer)
    {
        var part = buffer.Slice(0, Math.Min(_left, buffer.Length));
        _left -= part.Length;
        if (server is not null && !_isLost)
        {
            Bytes += part.Length;
            foreach (var segment in part)
            {
                server.Output.Write(segment.Span);
            }
        }

        return buffer.Slice(part.End);
    }
}
