using System.Diagnostics.CodeAnalysis;
using SmtpProxy.Transport.Pipes;

namespace SmtpProxy.Transport.Loops;

/// <summary>The writers that have something to send at the end of a loop's turn. Only for the loop's thread.</summary>
internal sealed class DeferredSends
{
    // How many wait for each other. More would gain nothing and keep peers waiting who could work meanwhile.
    private const int Limit = 32;

    private readonly List<EpollPipeWriter> _writers = new(Limit);
    private readonly Stack<DeferredOctets> _spare = new(Limit);
    private int _taken;

    /// <summary>True when the turn has to be interrupted for sending.</summary>
    public bool IsFull => _writers.Count >= Limit;

    /// <summary>Puts a writer down for the end of the turn.</summary>
    /// <returns>Where it puts its octets until then.</returns>
    public DeferredOctets Add(EpollPipeWriter writer)
    {
        _writers.Add(writer);
        return _spare.TryPop(out var octets) ? octets : new DeferredOctets();
    }

    /// <summary>Takes back what is empty.</summary>
    public void GiveBack(DeferredOctets octets)
    {
        if (_spare.Count < Limit)
        {
            _spare.Push(octets);
        }
    }

    /// <summary>The next writer that has something to send.</summary>
    public bool TryTake([NotNullWhen(true)] out EpollPipeWriter? writer)
    {
        if (_taken < _writers.Count)
        {
            writer = _writers[_taken++];
            return true;
        }

        _writers.Clear();
        (_taken, writer) = (0, null);
        return false;
    }
}
