using System.Net.Sockets;

namespace SmtpProxy.TestKit.Wire;

/// <summary>The two halves of one relayed connection.</summary>
internal sealed class RelayedPair(Socket near)
{
    private volatile bool _isDead;

    public Socket Near { get; } = near;

    public Socket Far { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Nothing passes any more, and nobody is told.</summary>
    public bool IsDead
    {
        get => _isDead;
        set => _isDead = value;
    }

    public void Reset()
    {
        foreach (var socket in (Socket[])[Near, Far])
        {
            socket.Close(timeout: 0);
        }
    }
}
