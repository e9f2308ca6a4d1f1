using System.IO.Pipelines;
using System.Net.Sockets;
using Pipelines.Sockets.Unofficial;
using SmtpProxy.Infrastructure;
using SmtpProxy.Protocol;

namespace SmtpProxy.Backends;

/// <summary>A connected socket as a pair of pipes. One receive is always pending, so that a server's 421, FIN or reset is noticed while nobody
/// reads, and the next reply is read by the same call.</summary>
/// <remarks><para>Takes the awaitable socket operations of Pipelines.Sockets.Unofficial, but not its SocketConnection, which was measured (2.2.16)
/// to lose replies that were received before a reset, and to give back to the pool a block that the application was still filling.</para>
/// <para>Continuations run where the receive completes: no second thread is woken for a reply.</para></remarks>
internal sealed class SocketDuplexPipe : IDuplexPipe, IDisposable
{
    // Replies are short, and this block is held for as long as the session idles.
    private const int ReceiveBlock = 4096;

    private static readonly PipeOptions ReceiveOptions = new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: SmtpLimits.Reply,
        resumeWriterThreshold: SmtpLimits.Reply / 2,
        minimumSegmentSize: ReceiveBlock,
        useSynchronizationContext: false);

    private readonly Socket _socket;
    private readonly SocketPipeWriter _output;
    private readonly Pipe _received = new(ReceiveOptions);

    public SocketDuplexPipe(Socket socket)
    {
        _socket = socket;
        _output = new SocketPipeWriter(socket);

        // A kept session outlives the client that opened it: nothing of that client's context may stay attached.
        using (ExecutionContext.SuppressFlow())
        {
            _ = ReceiveInBackgroundAsync();
        }
    }

    public PipeReader Input => _received.Reader;

    public PipeWriter Output => _output;

    /// <summary>Closes the socket at once. What was written but not flushed is never sent.</summary>
    /// <remarks>Blocks that hold unread octets are left to the garbage collector: whoever closes a session may still look at its last reply.</remarks>
    public void Dispose()
    {
        _output.Dispose();
        _socket.Dispose();
    }

    private async Task ReceiveInBackgroundAsync()
    {
        var writer = _received.Writer;
        Exception? fault = null;
        try
        {
            using var operation = new SocketAwaitableEventArgs();
            while (true)
            {
                operation.SetBuffer(writer.GetMemory(ReceiveBlock));
                if (!_socket.ReceiveAsync(operation))
                {
                    operation.Complete();
                }

                var octets = await operation;
                if (octets == 0)
                {
                    break;
                }

                writer.Advance(octets);
                var flushed = await writer.FlushAsync();
                if (flushed.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            // A reset ends the stream as a close does: what came before it can still be read, and may be the verdict on a message.
        }
        catch (Exception e)
        {
            fault = e;
        }

        await writer.CompleteAsync(fault);
    }
}
