using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmtpProxy.TestKit;

namespace SmtpProxy.FunctionalTests.Tls;

/// <summary>A client that speaks in clear, then under TLS, and can still write beneath it.</summary>
internal sealed class TlsClient : IAsyncDisposable
{
    private readonly CancellationToken _cancellationToken;
    private readonly NetworkStream _clear;
    private readonly byte[] _buffer = new byte[16384];
    private string _unread = "";
    private SslStream? _tls;

    private TlsClient(Socket socket, CancellationToken cancellationToken)
    {
        _clear = new NetworkStream(socket, ownsSocket: true);
        _cancellationToken = cancellationToken;
    }

    public X509Certificate2? ServerCertificate => _tls?.RemoteCertificate as X509Certificate2;

    public SslProtocols Protocol => _tls?.SslProtocol ?? SslProtocols.None;

    public static async Task<TlsClient> ConnectAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        return new TlsClient(socket, cancellationToken);
    }

    /// <summary>Connects, reads the banner, says EHLO and STARTTLS, and shakes hands.</summary>
    public static async Task<TlsClient> UpgradeAsync(IPEndPoint server, TestAuthority authority, CancellationToken cancellationToken)
    {
        var client = await ConnectAsync(server, cancellationToken);
        await client.ReplyAsync();
        await client.CommandAsync("EHLO client.example.com");
        await client.CommandAsync("STARTTLS");
        await client.ShakeHandsAsync(authority);
        return client;
    }

    public async Task ShakeHandsAsync(
        TestAuthority authority, string name = "proxy.example.com", SslProtocols protocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        bool checksName = true)
    {
        _tls = new SslStream(_clear);
        await _tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = name,
                CertificateChainPolicy = authority.Policy,
                EnabledSslProtocols = protocols,
                RemoteCertificateValidationCallback = checksName ? null : static (_, _, _, faults) =>
                    (faults & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None,
            },
            _cancellationToken);
    }

    public async Task<string> CommandAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReplyAsync();
    }

    public async Task SendAsync(string text) => await Stream.WriteAsync(Encoding.Latin1.GetBytes(text), _cancellationToken);

    /// <summary>Writes to the connection beneath TLS.</summary>
    public async Task SendClearAsync(string text) => await _clear.WriteAsync(Encoding.Latin1.GetBytes(text), _cancellationToken);

    /// <summary>Says that nothing more comes; the connection stays.</summary>
    public Task CloseTlsAsync() => _tls!.ShutdownAsync();

    /// <summary>One reply with all its lines.</summary>
    public async Task<string> ReplyAsync()
    {
        while (true)
        {
            for (var start = 0; _unread.IndexOf('\n', start) is var end and >= 0; start = end + 1)
            {
                if (_unread[start + 3] == ' ')
                {
                    var reply = _unread[..(end + 1)];
                    _unread = _unread[(end + 1)..];
                    return reply;
                }
            }

            var count = await Stream.ReadAsync(_buffer, _cancellationToken);
            _unread += count > 0
                ? Encoding.Latin1.GetString(_buffer, 0, count) : throw new EndOfStreamException($"Closed; unread: {_unread}");
        }
    }

    /// <summary>All until the server closes; under TLS a connection that ends without the alert is an exception.</summary>
    public async Task<string> RestAsync()
    {
        while (await Stream.ReadAsync(_buffer, _cancellationToken) is var count and > 0)
        {
            _unread += Encoding.Latin1.GetString(_buffer, 0, count);
        }

        return _unread;
    }

    /// <summary>Sends a message and returns the last reply.</summary>
    public async Task<string> SendMailAsync(string sender, string text)
    {
        await SendAsync($"MAIL FROM:<{sender}>\r\nRCPT TO:<r@example.org>\r\nDATA\r\n");
        await ReplyAsync();
        await ReplyAsync();
        var go = await ReplyAsync();
        return go.StartsWith('3') ? await CommandAsync($"{text}.") : go;
    }

    public async ValueTask DisposeAsync()
    {
        await (_tls?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _clear.DisposeAsync();
    }

    private Stream Stream => _tls is not null ? _tls : _clear;
}
