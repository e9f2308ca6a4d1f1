using System.Collections.Concurrent;

namespace SmtpProxy.LoadTests.Running;

/// <summary>Lends copies to the iterations of open phases: as many as run at a time, and no more.</summary>
internal sealed class CopyPool(int seed)
{
    // The last one given back is the next one lent, so that scenarios with a connection for each copy keep few.
    private readonly ConcurrentStack<Copy> _idle = new();
    private int _made;

    /// <summary>A copy that nobody else has.</summary>
    public Copy Rent() => _idle.TryPop(out var copy) ? copy : new Copy(Interlocked.Increment(ref _made) - 1, seed);

    /// <summary>It is free again.</summary>
    public void Return(Copy copy) => _idle.Push(copy);
}
