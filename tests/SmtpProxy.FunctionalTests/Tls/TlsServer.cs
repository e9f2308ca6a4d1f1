using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using SmtpProxy.Infrastructure;

namespace SmtpProxy.FunctionalTests.Tls;

/// <summary>A mail server with STARTTLS that takes all mail and writes down what it was told, and whether it was told under TLS.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentBag<Task> _tasks = [];
    private readonly SslStreamCertificateContext _certificate;
    private int _connections;

    public TlsServer((string Certificate, string Key) files)
    {
        _certificate = PemCertificate.Load(files.Certificate, files.Key);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen(16);
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _tasks.Add(AcceptAsync());
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>EHLO lines in clear and under TLS.</summary>
    public IReadOnlyList<string> ClearCapabilities { get; init; } = ["STARTTLS", "SIZE 1000000"];

    public IReadOnlyList<string> TlsCapabilities { get; init; } = ["PIPELINING", "8BITMIME"];

    /// <summary>The answer to STARTTLS.</summary>
    public string StartTlsReply { get; init; } = "220 2.0.0 go\r\n";

    /// <summary>What the server does instead of its part of a handshake; null: its part.</summary>
    public Func<Stream, Task>? InsteadOfHandshake { get; init; }

    /// <summary>The answer to a command, with its line end; null: what a server says that takes all mail.</summary>
    public Func<string, string?> Answer { get; init; } = static _ => null;

    /// <summary>Lines so far, each with <c>clear </c> or <c>tls </c> before it.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_tasks);
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _socket.AcceptAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _tasks.Add(ServeAsync(socket));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var clear = new NetworkStream(socket, ownsSocket: true);
        Stream stream = clear;
        try
        {
            await SayAsync(stream, "220 server.example.com ESMTP\r\n");
            var isText = false;
            while (await ReadLineAsync(stream) is { } line)
            {
                _lines.Enqueue((stream is SslStream ? "tls " : "clear ") + line);
                var verb = line[..Math.Min(4, line.Length)];
                if (verb == "STAR" && !isText)
                {
                    await SayAsync(stream, StartTlsReply);
                    if (StartTlsReply.StartsWith('2') && InsteadOfHandshake is { } instead)
                    {
                        await instead(clear);
                        return;
                    }

                    if (StartTlsReply.StartsWith('2'))
                    {
                        var tls = new SslStream(clear);
                        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = _certificate }, _stop.Token);
                        stream = tls;
                    }

                    continue;
                }

                if (isText && line != ".")
                {
                    continue;
                }

                if (!isText && Answer(line) is { } answer)
                {
                    await SayAsync(stream, answer);
                    continue;
                }

                isText = verb == "DATA";
                await SayAsync(stream, isText ? "354 go\r\n" : verb switch
                {
                    "EHLO" => Offer(stream is SslStream ? TlsCapabilities : ClearCapabilities),
                    "QUIT" => "221 2.0.0 bye\r\n",
                    _ => "250 2.0.0 ok\r\n",
                });
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The peer went, or the server is being stopped; the lines are on record.
        }
    }

    private static string Offer(IReadOnlyList<string> capabilities) =>
        string.Concat(capabilities.Prepend("server.example.com").Select(line => $"250-{line}\r\n")) + "250 HELP\r\n";

    private async Task SayAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text), _stop.Token);

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var octet = new byte[1];
        while (await stream.ReadAsync(octet, _stop.Token) > 0)
        {
            if (octet[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)octet[0]);
        }

        return null;
    }
}
