using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SmtpProxy.Infrastructure;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Relay;

/// <summary>Passes the text of one message from the client to the server, unchanged and still dot-stuffed, up to its end (RFC 5321 section
/// 4.1.1.4). The end of data leaves in the same write as the last of the text, and only when all before it could be sent.</summary>
internal sealed class BodyRelay(ClientChannel client, BackendSession server, TimeSpan clientTimeout, TimeSpan serverTimeout)
{
    private MessageEndScanner _scanner;
    private BodyEnd _discarding;

    /// <summary>Octets of text that went to the server.</summary>
    public long Bytes { get; private set; }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<BodyEnd> RunAsync(BareNewlinePolicy policy)
    {
        _scanner = new MessageEndScanner(policy);
        while (true)
        {
            ReadResult result;
            try
            {
                result = await client.ReadAsync(clientTimeout);
            }
            catch (Exception e) when (TransportFault.IsExpected(e))
            {
                return BodyEnd.ClientClosed;
            }

            var ended = Take(result.Buffer, out var forward, out var rest);
            if (_discarding == BodyEnd.None && !await server.SendAsync(forward, serverTimeout))
            {
                _discarding = BodyEnd.ServerLost;
            }

            client.Advance(result, rest, needMore: !ended);
            if (ended)
            {
                return _discarding == BodyEnd.None ? BodyEnd.Sent : _discarding;
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
    }

    /// <summary>Finds what may go on. True when the end of data was found, which is part of it then; <paramref name="rest"/> begins behind it.</summary>
    private bool Take(in ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> forward, out ReadOnlySequence<byte> rest)
    {
        var scan = _scanner.Scan(buffer);
        rest = buffer.Slice(scan.Consumed);
        forward = default;
        if (scan.Status == BodyScanStatus.Rejected)
        {
            _discarding = BodyEnd.BareNewline;
            server.Dispose();
            _scanner.Discard();
            return Take(rest, out _, out rest);
        }

        if (_discarding == BodyEnd.None)
        {
            Bytes += scan.Forward;
            forward = buffer.Slice(0, scan.Consumed);
        }

        return scan.Status == BodyScanStatus.End;
    }
}
