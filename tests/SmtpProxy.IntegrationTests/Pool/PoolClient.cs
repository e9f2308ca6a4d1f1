using System.Diagnostics;
using System.Globalization;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>A mail client on one connection at a time. It tries again what was refused for now, as a server with a queue does, and notes
/// every answer.</summary>
public sealed class PoolClient(PoolProxy proxy, string name, PoolJournal journal) : IDisposable
{
    private const int MaxAttempts = 20;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);
    private static readonly MailboxAddress Recipient = new("", "inbox@example.org");

    private SmtpClient? _connection;

    /// <summary>Sends a message until it is taken.</summary>
    public async Task SendAsync(PoolMessage message, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (await TryAsync(message, cancellationToken))
            {
                return;
            }

            await Task.Delay(RetryPause, TimeProvider.System, cancellationToken);
        }

        throw new InvalidOperationException($"{message.Id} was refused {MaxAttempts} times, the last time so: {journal.Refusals.Last().Text}");
    }

    /// <summary>Says goodbye.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (_connection is { IsConnected: true } connection)
        {
            await connection.DisconnectAsync(quit: true, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection?.Dispose();

    private static MimeMessage Text(PoolMessage message) => new(
        [new MailboxAddress("", message.Sender)],
        [Recipient],
        string.Create(CultureInfo.InvariantCulture, $"Mail of {message.Sender}"),
        new TextPart("plain") { Text = "A line of text.\r\n.A line that begins with a dot.\r\nThe last one.\r\n" })
    {
        MessageId = message.Id.Trim('<', '>'),
    };

    private async Task<bool> TryAsync(PoolMessage message, CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            var connection = await ConnectAsync(cancellationToken);
            using var text = Text(message);
            var reply = await connection.SendAsync(text, new MailboxAddress("", message.Sender), [Recipient], cancellationToken);
            journal.Add(new PoolReceipt(message, proxy.Name, reply));
            return true;
        }
        catch (SmtpCommandException e)
        {
            Note((int)e.StatusCode, e.ErrorCode, e);
        }
        catch (Exception e) when (e is IOException or ProtocolException or ServiceNotConnectedException or System.Net.Sockets.SocketException)
        {
            Note(0, null, e);
            _connection?.Dispose();
            _connection = null;
        }

        return false;

        void Note(int code, SmtpErrorCode? step, Exception e) => journal.Add(
            new PoolRefusal(message, name, startedAt, Stopwatch.GetTimestamp(), code, step, e.Message));
    }

    private async ValueTask<SmtpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is { IsConnected: true } connection)
        {
            return connection;
        }

        _connection?.Dispose();
        _connection = new SmtpClient { LocalDomain = "client.example.com" };
        await _connection.ConnectAsync(proxy.EndPoint.Address.ToString(), proxy.EndPoint.Port, SecureSocketOptions.None, cancellationToken);
        return _connection;
    }
}
