using System.Net;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit;

/// <summary>A client that speaks one command at a time and keeps what it was told.</summary>
public sealed class SmtpClientStub : IAsyncDisposable
{
    private readonly TcpWire _wire;
    private readonly CancellationToken _cancellationToken;
    private readonly OctetBuffer _unread = new();
    private readonly byte[] _received = new byte[4096];

    private SmtpClientStub(TcpWire wire, CancellationToken cancellationToken)
    {
        _wire = wire;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Connects, reads the banner and says EHLO.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="from">The address to come from; null: any.</param>
    /// <param name="hello">What to say first.</param>
    public static async Task<SmtpClientStub> ConnectAsync(
        IPEndPoint server, CancellationToken cancellationToken, IPAddress? from = null, string hello = "EHLO client.example.com")
    {
        var client = new SmtpClientStub(await TcpWire.ConnectAsync(server, cancellationToken, from), cancellationToken);
        Demand('2', await client.ReplyAsync());
        Demand('2', await client.CommandAsync(hello));
        return client;
    }

    /// <summary>Says a command; returns the whole reply.</summary>
    public async Task<string> CommandAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReplyAsync();
    }

    /// <summary>Sends octets as they are.</summary>
    public Task SendAsync(string text) => _wire.SendAsync(Octets.OfText(text), _cancellationToken);

    /// <summary>Sends a message, each reply to which must be positive; returns the last one.</summary>
    /// <param name="sender">The envelope sender.</param>
    /// <param name="recipients">The envelope recipients.</param>
    /// <param name="text">Text with stuffed dots and a line end, without the end mark.</param>
    public async Task<string> SendMailAsync(string sender, IReadOnlyList<string> recipients, string text)
    {
        Demand('2', await CommandAsync($"MAIL FROM:<{sender}>"));
        foreach (var recipient in recipients)
        {
            Demand('2', await CommandAsync($"RCPT TO:<{recipient}>"));
        }

        Demand('3', await CommandAsync("DATA"));
        return Demand('2', await CommandAsync($"{text}."));
    }

    /// <summary>Reads one reply with all its lines.</summary>
    public async Task<string> ReplyAsync()
    {
        while (true)
        {
            if (EndOfReply() is { } length)
            {
                return Octets.TextOf(_unread.Take(length));
            }

            var count = await _wire.ReceiveAsync(_received, _cancellationToken);
            if (count == 0)
            {
                throw new InvalidOperationException($"The server has closed; unread: '{Octets.Shown(_unread.Span)}'");
            }

            _unread.Append(_received.AsSpan(0, count));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _wire.Close(CloseHow.Fin);
        return ValueTask.CompletedTask;
    }

    private static string Demand(char kind, string reply) =>
        reply.StartsWith(kind) ? reply : throw new InvalidOperationException($"The server has answered '{Octets.Shown(Octets.OfText(reply))}'");

    /// <summary>The last line of a reply has no hyphen behind its code.</summary>
    private int? EndOfReply()
    {
        var found = Patterns.Of(@"\A(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\r?\n").Match(Octets.TextOf(_unread.Span));
        return found.Success ? found.Length : null;
    }
}
