using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace SmtpProxy.LoadTests.Scenarios.Smtp;

/// <summary>A connection to a server. As lean as can be: the load test must cost less than what it tests.</summary>
public sealed class SmtpDialogue : IAsyncDisposable
{
    private const int LongestReply = 8 * 1024;

    private readonly byte[] _buffer = new byte[LongestReply];
    private Stream _stream;
    private int _start;
    private int _end;

    private SmtpDialogue(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>Connects and reads the greeting.</summary>
    public static async Task<SmtpDialogue> ConnectAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SmtpDialogue dialogue;
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            dialogue = new SmtpDialogue(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        try
        {
            var greeting = await dialogue.ReadAsync(cancellationToken);
            return greeting.Code == 220 ? dialogue : throw new SmtpReplyException(greeting);
        }
        catch
        {
            await dialogue.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends octets as they are.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken) => _stream.WriteAsync(octets, cancellationToken);

    /// <summary>Says one command and reads the reply.</summary>
    public async Task<SmtpReply> CommandAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(line, cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    /// <summary>Says several commands at once and reads a reply to each; returns the first that differs from <paramref name="expected"/>, or the last.
    /// After a refusal the dialogue cannot go on.</summary>
    public async Task<SmtpReply> CommandsAsync(ReadOnlyMemory<byte> lines, ReadOnlyMemory<int> expected, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(lines, cancellationToken);
        var reply = default(SmtpReply);
        for (var i = 0; i < expected.Length; i++)
        {
            reply = await ReadAsync(cancellationToken);
            if (reply.Code != expected.Span[i])
            {
                break;
            }
        }

        return reply;
    }

    /// <summary>Goes on in TLS, with any certificate: who the server is was not asked.</summary>
    public async Task<SmtpReply> StartTlsAsync(CancellationToken cancellationToken)
    {
        var reply = await CommandAsync("STARTTLS\r\n"u8.ToArray(), cancellationToken);
        if (reply.Code != 220)
        {
            return reply;
        }

        var secured = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secured;
        await secured.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                AllowTlsResume = false,
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            },
            cancellationToken);
        return reply;
    }

    /// <summary>Reads one reply with all its lines.</summary>
    public async Task<SmtpReply> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            while (TryTakeLine(out var reply, out var isLast))
            {
                if (isLast)
                {
                    return reply;
                }
            }

            await FillAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            throw new IOException("The server's reply is too long.");
        }

        var count = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        if (count == 0)
        {
            throw new IOException("The server has closed the connection.");
        }

        _end += count;
    }

    private bool TryTakeLine(out SmtpReply reply, out bool isLast)
    {
        (reply, isLast) = (default, false);
        var unread = _buffer.AsSpan(_start.._end);
        var length = unread.IndexOf((byte)'\n');
        if (length < 0)
        {
            return false;
        }

        _start += length + 1;
        var line = unread[..length].TrimEnd((byte)'\r');
        isLast = line.Length < 4 || line[3] != (byte)'-';
        if (isLast)
        {
            var code = line.Length >= 3 && int.TryParse(line[..3], out var number) ? number : 0;
            reply = new SmtpReply(code, code is >= 200 and < 400 ? "" : Encoding.UTF8.GetString(line));
        }

        return true;
    }
}
