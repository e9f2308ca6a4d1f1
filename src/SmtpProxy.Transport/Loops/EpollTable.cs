namespace SmtpProxy.Transport.Loops;

/// <summary>Who is meant by an event. Descriptors are small numbers that the system uses again at once, so each registration has a generation of
/// its own, and an event of an earlier one finds nobody.</summary>
internal sealed class EpollTable
{
    private readonly Lock _lock = new();
    private (IEpollTarget? Target, uint Generation)[] _slots = new (IEpollTarget?, uint)[256];
    private uint _generation;

    /// <summary>Registers a target; the result goes into <c>epoll_data</c>.</summary>
    public ulong Add(int descriptor, IEpollTarget target)
    {
        lock (_lock)
        {
            if (descriptor >= _slots.Length)
            {
                Array.Resize(ref _slots, Math.Max(descriptor + 1, 2 * _slots.Length));
            }

            _slots[descriptor] = (target, ++_generation);
            return ((ulong)_generation << 32) | (uint)descriptor;
        }
    }

    /// <summary>Puts another target in the place of the one that is registered under <paramref name="key"/>.</summary>
    public void Replace(ulong key, IEpollTarget target)
    {
        lock (_lock)
        {
            ref var slot = ref _slots[(int)(uint)key];
            if (slot.Generation == (uint)(key >> 32) && slot.Target is not null)
            {
                slot.Target = target;
            }
        }
    }

    public void Remove(ulong key)
    {
        lock (_lock)
        {
            ref var slot = ref _slots[(int)(uint)key];
            if (slot.Generation == (uint)(key >> 32))
            {
                slot.Target = null;
            }
        }
    }

    /// <summary>Null when the registration is over.</summary>
    public IEpollTarget? Find(ulong key)
    {
        lock (_lock)
        {
            var slot = _slots[(int)(uint)key];
            return slot.Generation == (uint)(key >> 32) ? slot.Target : null;
        }
    }

    public List<IEpollTarget> Targets()
    {
        lock (_lock)
        {
            return [.. _slots.Where(static slot => slot.Target is not null).Select(static slot => slot.Target!)];
        }
    }
}
