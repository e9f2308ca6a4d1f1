using System.Net;
using System.Text;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.Fuzz.Sessions;

/// <summary>A client that sends octets in pieces, whatever it is told, and then leaves in one of several ways.</summary>
/// <param name="proxy">Where it connects.</param>
/// <param name="seed">What all choices follow from.</param>
/// <param name="isGreeted">The proxy speaks first.</param>
internal sealed class SessionPlayer(IPEndPoint proxy, int seed, bool isGreeted)
{
    private const int Patience = 20;
    private const int PatientManner = 2;
    private const int MostWaits = 40;

    // Long enough for a reply on loopback.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Random _random = new(seed);

    public async Task<PlayedSession> PlayAsync(byte[] input)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(Patience), TimeProvider.System);
        try
        {
            return await PlayAsync(input, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new FuzzFailureException($"the session does not end within {Patience} s");
        }
    }

    private async Task<PlayedSession> PlayAsync(byte[] input, CancellationToken cancellationToken)
    {
        var wire = await TcpWire.ConnectAsync(proxy, cancellationToken);
        var manner = _random.Next(10);
        var how = manner == 0 ? CloseHow.Rst : CloseHow.Fin;
        var received = new StringBuilder();
        try
        {
            // Some leave without a word, most wait for the last answer. Those that leave wait for the greeting, because a session that is not
            // accepted yet cannot be waited for.
            var isLeaving = manner < 2 && isGreeted;
            if (isLeaving)
            {
                await wire.ReceiveAsync(new byte[1], cancellationToken);
            }

            var sent = isLeaving ? input[.._random.Next(input.Length + 1)] : input;
            if (manner == PatientManner)
            {
                await SendLinesAsync(wire, sent, cancellationToken);
            }
            else
            {
                await SendAsync(wire, sent, cancellationToken);
            }

            if (isLeaving)
            {
                return new PlayedSession("", IsWhole: false);
            }

            wire.HalfClose();
            return new PlayedSession(await ReceiveAsync(wire, received, cancellationToken), IsWhole: true);
        }
        catch (Exception e) when (TcpWire.IsLoss(e))
        {
            // The proxy ended the session while more was on its way to it: the reset may overtake its last words.
            return new PlayedSession(received.ToString(), IsWhole: false);
        }
        finally
        {
            wire.Close(how);
        }
    }

    private async Task SendAsync(TcpWire wire, byte[] input, CancellationToken cancellationToken)
    {
        var at = 0;
        foreach (var end in new Pieces(_random.Next()).Ends(input.Length))
        {
            await wire.SendAsync(input.AsMemory(at, end - at), cancellationToken);
            at = end;
            if (_random.Next(3) == 0)
            {
                // Gives the proxy a chance to see the pieces apart.
                await Task.Yield();
            }
        }
    }

    /// <summary>Line by line, with time for an answer behind each: what comes next finds the proxy waiting.</summary>
    private static async Task SendLinesAsync(TcpWire wire, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        for (var waits = 0; waits < MostWaits && input.Span.IndexOf("\r\n"u8) is var end and >= 0; waits++)
        {
            await wire.SendAsync(input[..(end + 2)], cancellationToken);
            input = input[(end + 2)..];
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }

        await wire.SendAsync(input, cancellationToken);
    }

    private static async Task<string> ReceiveAsync(TcpWire wire, StringBuilder received, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (await wire.ReceiveAsync(buffer, cancellationToken) is var count and > 0)
        {
            received.Append(Octets.TextOf(buffer.AsSpan(0, count)));
        }

        return received.ToString();
    }
}
