using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Cases;

/// <summary>Plays the client's steps of a case, on as many connections as they name.</summary>
internal sealed class CaseClient(IPEndPoint target, CaseControls controls, X509ChainPolicy? trust, CancellationToken cancellationToken) : IAsyncDisposable
{
    // In the order of their first use, which is the order in which a transcript is read.
    private readonly List<(string Name, CaseConnection Connection)> _connections = [];

    public IReadOnlyList<CaseConnection> Connections => [.. _connections.Select(entry => entry.Connection)];

    public async Task PlayAsync(IReadOnlyList<ClientStep> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            try
            {
                await PlayAsync(steps[i]);
            }
            catch (StepFailedException e)
            {
                throw new StepFailedException($"step {i + 1} on {steps[i].Conn}: {e.Message}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in Connections)
        {
            await connection.DisposeAsync();
        }
    }

    private Task PlayAsync(ClientStep step) => step switch
    {
        { WaitMs: { } time } => Task.Delay(TimeSpan.FromMilliseconds(time), TimeProvider.System, cancellationToken),
        { Control: not null } => controls.DoAsync(step, cancellationToken),
        { ExpectConnectRefused: true } => ExpectRefusedAsync(),
        _ => PlayOnConnectionAsync(step),
    };

    private async Task PlayOnConnectionAsync(ClientStep step)
    {
        var connection = await ConnectionAsync(step.Conn);
        if (step.OnlyIfLast is { } pattern && (connection.Pieces.Count == 0 || !Patterns.IsMatch(pattern, connection.Pieces[^1])))
        {
            return;
        }

        var timeout = TimeSpan.FromMilliseconds(step.TimeoutMs);
        await (step switch
        {
            { SendEach: not null } => SendEachAsync(connection, step),
            { Send: { } text } => connection.SendAsync(Octets.Repeat(Octets.Parse(text), step.Repeat), cancellationToken, step.Clear),
            { Expect: { } expected } => connection.ExpectAsync(expected, timeout, step.OneSegment, cancellationToken),
            { ExpectSilenceMs: { } time } => connection.ExpectSilenceAsync(TimeSpan.FromMilliseconds(time), cancellationToken),
            { ExpectClose: true } => connection.ExpectCloseAsync(timeout, cancellationToken),
            { ExpectTotal: { } total } => ExpectTotalAsync(connection, total),
            { Tls: "handshake" } => connection.ShakeHandsAsync(
                trust ?? throw new InvalidOperationException("The case has no TLS."), timeout, cancellationToken),
            { Tls: "close_notify" } => connection.EndTlsAsync(),
            { HalfClose: true } => HalfCloseAsync(connection),
            { Close: { } how } => connection.CloseAsync(how),
            _ => throw new InvalidOperationException($"Not a step: {step}"),
        });
    }

    private async Task SendEachAsync(CaseConnection connection, ClientStep step)
    {
        var lines = Enumerable.Range(step.From, step.To - step.From + 1)
            .Select(i => step.SendEach!.Replace("{i}", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            .Append(step.Then)
            .Select(Octets.Parse)
            .ToList();
        foreach (var write in step.SingleWrite ? [[.. lines.SelectMany(line => line)]] : lines)
        {
            await connection.SendAsync(write, cancellationToken, step.Clear);
        }
    }

    private static Task ExpectTotalAsync(CaseConnection connection, string pattern) =>
        Patterns.IsMatch(pattern, connection.Received)
            ? Task.CompletedTask
            : throw new StepFailedException($"all octets received should match /{pattern}/: '{Octets.Shown(Octets.OfText(connection.Received))}'");

    private static Task HalfCloseAsync(CaseConnection connection)
    {
        connection.HalfClose();
        return Task.CompletedTask;
    }

    private async Task ExpectRefusedAsync()
    {
        TcpWire wire;
        try
        {
            wire = await TcpWire.ConnectAsync(target, cancellationToken);
        }
        catch (SocketException)
        {
            return;
        }

        wire.Close(CloseHow.Rst);
        throw new StepFailedException("the connection should be refused, it was accepted");
    }

    private async Task<CaseConnection> ConnectionAsync(string name)
    {
        if (_connections.FirstOrDefault(entry => entry.Name == name).Connection is { } known)
        {
            return known;
        }

        TcpWire? wire;
        try
        {
            wire = await TcpWire.ConnectAsync(target, cancellationToken);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Accepted, and reset before it could be looked at.
            wire = null;
        }
        catch (SocketException e)
        {
            throw new StepFailedException($"cannot connect: {e.Message}");
        }

        var connection = new CaseConnection(wire);
        _connections.Add((name, connection));
        return connection;
    }
}
