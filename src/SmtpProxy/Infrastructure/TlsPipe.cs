using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;

namespace SmtpProxy.Infrastructure;

/// <summary>A pair of pipes under TLS. A read is always pending, as on a socket, so that what has come in can be looked at without waiting.</summary>
/// <remarks>The peer's closure alert, a lost connection and a record that does not decrypt all end the input. Nothing of the pipes below is read
/// after that: octets in clear behind the end of TLS reach nobody.</remarks>
internal sealed class TlsPipe : IDuplexPipe, IDisposable
{
    // As much as one TLS record holds; rented only when there is something to read.
    private const int Block = 16384;

    private static readonly PipeOptions ReceiveOptions = new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: 4 * Block,
        resumeWriterThreshold: 2 * Block,
        minimumSegmentSize: Block,
        useSynchronizationContext: false);

    private readonly DuplexPipeStream _stream;
    private readonly SslStream _tls;
    private readonly TlsPipeWriter _output;
    private readonly Pipe _received = new(ReceiveOptions);
    private readonly Task _receiving;

    private TlsPipe(DuplexPipeStream stream, SslStream tls)
    {
        _stream = stream;
        _tls = tls;
        _output = new TlsPipeWriter(tls);

        // A kept session outlives the client that opened it: nothing of that client's context may stay attached.
        using (ExecutionContext.SuppressFlow())
        {
            _receiving = ReceiveAsync();
        }
    }

    public PipeReader Input => _received.Reader;

    public PipeWriter Output => _output;

    /// <summary>Shakes hands with a client, when there is a place at <paramref name="gate"/>. <paramref name="transport"/> must hold nothing that came
    /// before TLS.</summary>
    public static Task<TlsPipe> AcceptAsync(
        IDuplexPipe transport, ServerOptionsSelectionCallback options, HandshakeGate gate, CancellationToken cancellationToken) =>
        OpenAsync(transport, tls => tls.AuthenticateAsServerAsync(options, state: null, cancellationToken), new HandshakeTurn(gate), cancellationToken);

    /// <summary>Shakes hands with a server: at once, for there are no more of them than connections are allowed, and a server must not count as failed
    /// because clients come in crowds. <paramref name="transport"/> must hold nothing that came before TLS.</summary>
    public static Task<TlsPipe> ConnectAsync(IDuplexPipe transport, SslClientAuthenticationOptions options, CancellationToken cancellationToken) =>
        OpenAsync(transport, tls => tls.AuthenticateAsClientAsync(options, cancellationToken), new HandshakeTurn(gate: null), cancellationToken);

    /// <summary>Says the closure alert and ends. The pipes below can be completed then.</summary>
    public async ValueTask CloseAsync(TimeSpan timeout, TimeProvider time)
    {
        _stream.EndInput();
        _received.Writer.CancelPendingFlush();
        await _receiving;
        try
        {
            await _tls.ShutdownAsync().WaitAsync(timeout, time);
        }
        catch (Exception e) when (TransportFault.IsExpected(e) || e is TimeoutException)
        {
            // The peer is gone, or takes nothing: it has no use for the alert.
        }

        Dispose();
    }

    /// <summary>Ends at once; the connection below must be closed, or about to be.</summary>
    public void Dispose()
    {
        _output.Dispose();
        _tls.Dispose();
    }

    // A handshake computes for a millisecond, and may look for certificates in files: not on a thread that others wait for. What comes after it does.
    private static async Task<TlsPipe> OpenAsync(
        IDuplexPipe transport, Func<SslStream, Task> shakeHands, HandshakeTurn turn, CancellationToken cancellationToken)
    {
        var stream = new DuplexPipeStream(transport) { Handshake = turn };
        var tls = new SslStream(stream);
        try
        {
            await turn.EnterAsync(cancellationToken);
            await shakeHands(tls);
            turn.Leave();
            await HomeThread.Of(transport);
            stream.Handshake = null;
            return new TlsPipe(stream, tls);
        }
        catch (Exception e)
        {
            turn.Leave();
            await HomeThread.Of(transport);
            await tls.DisposeAsync();
            if (TransportFault.IsExpected(e))
            {
                throw;
            }

            // An alert where a hello must be makes SslStream say that the certificate has no key: nothing that a peer sends is our fault.
            throw new AuthenticationException("The handshake failed.", e);
        }
    }

    private async Task ReceiveAsync()
    {
        var writer = _received.Writer;
        Exception? fault = null;
        try
        {
            while (true)
            {
                // Waits without a buffer.
#pragma warning disable CA2022 // Nothing is read here.
                await _tls.ReadAsync(Memory<byte>.Empty);
#pragma warning restore CA2022
                var octets = await _tls.ReadAsync(writer.GetMemory(Block));
                if (octets == 0)
                {
                    break;
                }

                writer.Advance(octets);
                var flushed = await writer.FlushAsync();
                if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            // Ends the stream as a close does: what came before it can still be read.
        }
        catch (Exception e)
        {
            fault = e;
        }

        await writer.CompleteAsync(fault);
    }
}
