using System.Net.Sockets;

namespace SmtpProxy.TestKit.Measuring;

/// <summary>One connection of a <see cref="LeanServer"/>, on a thread of its own.</summary>
internal sealed class LeanServerConnection(Socket socket) : IDisposable
{
    private const int BufferSize = 16 * 1024;

    private static readonly byte[] Greeting = "220 lean.example.com ESMTP\r\n"u8.ToArray();
    private static readonly byte[] Capabilities = "250-lean.example.com\r\n250-PIPELINING\r\n250 8BITMIME\r\n"u8.ToArray();
    private static readonly byte[] Ok = "250 2.0.0 Ok\r\n"u8.ToArray();
    private static readonly byte[] GoOn = "354 Go on\r\n"u8.ToArray();

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _length;
    private long _allocated;

    /// <summary>Octets that its thread has allocated up to its latest reply.</summary>
    public long Allocated => Volatile.Read(ref _allocated);

    public void Dispose() => socket.Dispose();

    public void Run()
    {
        try
        {
            Converse();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The proxy or the test has closed the connection, and with it all that there is to do.
            _length = 0;
        }
    }

    private void Converse()
    {
        Reply(Greeting);
        var isText = false;
        while (true)
        {
            var end = _buffer.AsSpan(0, _length).IndexOf(isText ? "\r\n.\r\n"u8 : "\r\n"u8);
            if (end < 0)
            {
                var received = socket.Receive(_buffer.AsSpan(_length));
                if (received == 0)
                {
                    return;
                }

                _length += received;
                continue;
            }

            var isData = !isText && _buffer.AsSpan(0, _length).StartsWith("DATA"u8);
            var isEhlo = !isText && _buffer.AsSpan(0, _length).StartsWith("EHLO"u8);
            var taken = end + (isText ? 5 : 2);
            _buffer.AsSpan(taken, _length - taken).CopyTo(_buffer);
            _length -= taken;
            isText = isData;
            Reply(isData ? GoOn : isEhlo ? Capabilities : Ok);
        }
    }

    private void Reply(byte[] reply)
    {
        Volatile.Write(ref _allocated, GC.GetAllocatedBytesForCurrentThread());
        socket.Send(reply);
    }
}
