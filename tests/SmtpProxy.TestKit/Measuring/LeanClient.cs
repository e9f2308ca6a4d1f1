using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmtpProxy.TestKit.Measuring;

/// <summary>A client that waits for each reply, and allocates nothing once it is connected.</summary>
internal sealed class LeanClient : IDisposable
{
    private const byte Positive = (byte)'2';
    private const byte Intermediate = (byte)'3';

    private static readonly byte[] Hello = "EHLO client.example.com\r\n"u8.ToArray();
    private static readonly byte[] Mail = "MAIL FROM:<sender@example.com> SIZE=4096\r\n"u8.ToArray();
    private static readonly byte[] Recipient = "RCPT TO:<recipient@example.org>\r\n"u8.ToArray();
    private static readonly byte[] Data = "DATA\r\n"u8.ToArray();
    private static readonly byte[] NoOperation = "NOOP\r\n"u8.ToArray();
    private static readonly byte[] Reset = "RSET\r\n"u8.ToArray();
    private static readonly byte[] Quit = "QUIT\r\n"u8.ToArray();
    private static readonly byte[] Text = [.. Enumerable.Repeat("a line of thirty-two octets....\r\n"u8.ToArray(), 128).SelectMany(static line => line), .. ".\r\n"u8];

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
    private readonly byte[] _buffer = new byte[512];

    /// <summary>Connects and greets.</summary>
    public LeanClient(IPEndPoint endPoint)
    {
        _socket.Connect(endPoint);
        Expect(Positive);
        Ask(Hello, Positive);
    }

    /// <summary>Sends a message of 4 KiB to so many recipients, after so many commands that the proxy answers itself.</summary>
    public void SendMail(int recipients, int others = 0)
    {
        for (var i = 0; i < others; i++)
        {
            AskNothing();
        }

        Ask(Mail, Positive);
        for (var i = 0; i < recipients; i++)
        {
            AddRecipient();
        }

        Ask(Data, Intermediate);
        Ask(Text, Positive);
    }

    /// <summary>NOOP, which the proxy answers itself.</summary>
    public void AskNothing() => Ask(NoOperation, Positive);

    /// <summary>Gives up the transaction, if there is one, and begins another.</summary>
    public void BeginAgain()
    {
        Ask(Reset, Positive);
        Ask(Mail, Positive);
    }

    /// <summary>One recipient more.</summary>
    public void AddRecipient() => Ask(Recipient, Positive);

    public void Dispose()
    {
        Ask(Quit, Positive);
        _socket.Dispose();
    }

    private void Ask(byte[] command, byte kind)
    {
        _socket.Send(command);
        Expect(kind);
    }

    private void Expect(byte kind)
    {
        var length = 0;
        do
        {
            var received = _socket.Receive(_buffer.AsSpan(length));
            length = received > 0 ? length + received : throw new IOException("The proxy has closed the connection.");
        }
        while (!IsComplete(_buffer.AsSpan(0, length)));

        if (_buffer[0] != kind)
        {
            throw new InvalidDataException($"The proxy answered: {Encoding.ASCII.GetString(_buffer, 0, length)}");
        }
    }

    private static bool IsComplete(ReadOnlySpan<byte> reply)
    {
        if (!reply.EndsWith("\r\n"u8))
        {
            return false;
        }

        var last = reply[(reply[..^2].LastIndexOf((byte)'\n') + 1)..];
        return last.Length > 3 && last[3] == ' ';
    }
}
