namespace SmtpProxy.LoadTests.Running;

/// <summary>How many copies of a closed phase should run, and how many do.</summary>
internal sealed class ClosedLoad
{
    private readonly Lock _lock = new();
    private int _wanted;
    private int _running;

    /// <summary>How many should.</summary>
    public int Wanted
    {
        set
        {
            lock (_lock)
            {
                _wanted = value;
            }
        }
    }

    /// <summary>True when one more is to begin; it counts from now on.</summary>
    public bool TryBegin()
    {
        lock (_lock)
        {
            if (_running >= _wanted)
            {
                return false;
            }

            _running++;
            return true;
        }
    }

    /// <summary>True when the copy that asks is one too many; it counts no more.</summary>
    public bool TryEnd()
    {
        lock (_lock)
        {
            if (_running <= _wanted)
            {
                return false;
            }

            _running--;
            return true;
        }
    }
}
