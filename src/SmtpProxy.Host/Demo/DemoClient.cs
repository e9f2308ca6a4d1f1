using System.Net;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace SmtpProxy.Host.Demo;

/// <summary>A client that keeps its connection and repeats what is refused for the time being, as an MTA does.</summary>
/// <param name="proxy">Where the proxy listens.</param>
/// <param name="board">Told how it goes.</param>
/// <param name="ledger">Told what the proxy answered.</param>
internal sealed class DemoClient(IPEndPoint proxy, DemoBoard board, DemoLedger ledger) : IAsyncDisposable
{
    private const int MaxAttempts = 20;
    private const int MessagesPerConnection = 25;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    private SmtpClient? _connection;
    private int _sentOnConnection;

    /// <summary>Sends a message; ends when the proxy has taken or finally refused it, or when the token is cancelled between two attempts.</summary>
    public async Task SendAsync(DemoMessage message, CancellationToken cancellationToken)
    {
        var mime = message.ToMime();
        var pause = FirstPause;
        var reason = "never tried";
        for (var attempt = 1; attempt <= MaxAttempts && !cancellationToken.IsCancellationRequested; attempt++)
        {
            try
            {
                await DeliverAsync(message, mime);
                return;
            }
            catch (SmtpCommandException e) when ((int)e.StatusCode >= 500)
            {
                ledger.GiveUp(message.Id, $"refused with {(int)e.StatusCode} {e.Message}");
                return;
            }
            catch (SmtpCommandException e)
            {
                reason = $"refused with {(int)e.StatusCode} {e.Message}";
            }
            catch (Exception e) when (e is ProtocolException or IOException or System.Net.Sockets.SocketException or ServiceNotConnectedException)
            {
                reason = e.Message;
                await CloseAsync();
            }

            board.OnRetry();
            if (!await TryPauseAsync(pause, cancellationToken))
            {
                return;
            }

            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            ledger.GiveUp(message.Id, $"given up after {MaxAttempts} attempts: {reason}");
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    // Not cancelled: a message is taken or refused, never left in doubt.
    private async Task DeliverAsync(DemoMessage message, MimeMessage mime)
    {
        if (_connection is { IsConnected: true } && _sentOnConnection >= MessagesPerConnection)
        {
            await CloseAsync();
        }

        _connection ??= new SmtpClient();
        if (!_connection.IsConnected)
        {
            await _connection.ConnectAsync(proxy.Address.ToString(), proxy.Port, SecureSocketOptions.None, CancellationToken.None);
        }

        await _connection.SendAsync(
            mime, MailboxAddress.Parse(message.Sender), mime.To.Mailboxes, CancellationToken.None);
        _sentOnConnection++;
        ledger.Accept(message.Id);
        board.OnAccepted();
    }

    private async Task CloseAsync()
    {
        if (_connection is not { } connection)
        {
            return;
        }

        _connection = null;
        _sentOnConnection = 0;
        try
        {
            await connection.DisconnectAsync(quit: connection.IsConnected, CancellationToken.None);
        }
        catch (Exception e) when (e is ProtocolException or IOException or System.Net.Sockets.SocketException or ServiceNotConnectedException)
        {
            // Nothing was under way: the connection is gone either way.
        }

        connection.Dispose();
    }

    private static async Task<bool> TryPauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, TimeProvider.System, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
