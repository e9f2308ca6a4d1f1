using Microsoft.AspNetCore.Connections;

namespace SmtpProxy.Hosting;

/// <summary>The connections of one listener, to wait for their end and to abort them.</summary>
internal sealed class OpenConnections
{
    private readonly Lock _lock = new();
    private readonly HashSet<ConnectionContext> _open = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDraining;

    public void Add(ConnectionContext connection)
    {
        lock (_lock)
        {
            _open.Add(connection);
        }
    }

    public void Remove(ConnectionContext connection)
    {
        lock (_lock)
        {
            _open.Remove(connection);
            CompleteIfDrained();
        }
    }

    /// <summary>Completes when none is left. Nothing is added any more.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            _isDraining = true;
            CompleteIfDrained();
        }

        return _drained.Task;
    }

    public void Abort()
    {
        List<ConnectionContext> left;
        lock (_lock)
        {
            left = [.. _open];
        }

        foreach (var connection in left)
        {
            connection.Abort();
        }
    }

    private void CompleteIfDrained()
    {
        if (_isDraining && _open.Count == 0)
        {
            _drained.TrySetResult();
        }
    }
}
