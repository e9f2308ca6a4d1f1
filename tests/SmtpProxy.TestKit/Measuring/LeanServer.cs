using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.TestKit.Measuring;

/// <summary>A mail server that takes everything and allocates nothing for it: what is left of a measurement in its process is the proxy's.</summary>
internal sealed class LeanServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly List<LeanServerConnection> _connections = [];
    private bool _isStopping;
    private long _allocated;

    public LeanServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        new Thread(Accept) { IsBackground = true, Name = "lean server" }.Start();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Octets that its threads have allocated, those of connections up to their latest replies.</summary>
    public long Allocated
    {
        get
        {
            lock (_connections)
            {
                return _allocated + _connections.Sum(static connection => connection.Allocated);
            }
        }
    }

    public void Dispose()
    {
        lock (_connections)
        {
            _isStopping = true;
            _connections.ForEach(static connection => connection.Dispose());
        }

        _listener.Dispose();
    }

    private void Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            lock (_connections)
            {
                var connection = new LeanServerConnection(socket);
                if (_isStopping)
                {
                    connection.Dispose();
                    return;
                }

                _connections.Add(connection);
                new Thread(connection.Run) { IsBackground = true, Name = "lean server's connection" }.Start();
                _allocated = GC.GetAllocatedBytesForCurrentThread();
            }
        }
    }
}
