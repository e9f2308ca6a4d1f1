using System.Collections.Concurrent;
using SmtpProxy.Model;

namespace SmtpProxy.Sessions;

/// <summary>The sessions that are open, so that a shutdown can reach them.</summary>
internal sealed class SessionRegistry
{
    private readonly ConcurrentDictionary<ClientSession, ClientChannel> _open = new();
    private volatile bool _isDraining;

    /// <summary>Sessions that are open now.</summary>
    public int Count => _open.Count;

    public void Add(ClientSession session, ClientChannel client)
    {
        _open[session] = client;
        if (_isDraining)
        {
            session.Drain();
        }
    }

    public void Remove(ClientSession session) => _open.TryRemove(session, out _);

    /// <summary>Idle sessions end now, the others after their transaction.</summary>
    public void Drain()
    {
        _isDraining = true;
        foreach (var session in _open.Keys)
        {
            session.Drain();
        }
    }

    /// <summary>All sessions end now; a text that is not complete is dropped without its end.</summary>
    public void End()
    {
        foreach (var client in _open.Values)
        {
            client.End();
        }
    }
}
