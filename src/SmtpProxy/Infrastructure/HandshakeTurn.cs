namespace SmtpProxy.Infrastructure;

/// <summary>One TLS handshake on its way through a gate: it computes on the thread pool, never on the thread that a transport told it something on.</summary>
/// <param name="gate">Where it needs a place; null: nowhere.</param>
internal sealed class HandshakeTurn(HandshakeGate? gate)
{
    private bool _isBegun;
    private bool _isInside;

    /// <summary>Goes on with a place, on the thread pool.</summary>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        if (gate is not null)
        {
            await gate.EnterAsync(_isBegun, cancellationToken);
            (_isBegun, _isInside) = (true, true);
        }

        await Task.Yield();
    }

    /// <summary>Waits for the peer, without a place.</summary>
    public async ValueTask<T> WaitAsync<T>(ValueTask<T> peer, CancellationToken cancellationToken)
    {
        Leave();
        var result = await peer;
        await EnterAsync(cancellationToken);
        return result;
    }

    /// <summary>Gives its place back, if it has one.</summary>
    public void Leave()
    {
        if (_isInside)
        {
            _isInside = false;
            gate!.Leave();
        }
    }
}
