using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Servers;

/// <summary>A mail server on a free loopback port that behaves as its entries say and records what it gets.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private const int Backlog = 128;

    // Longer than any case.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly X509Certificate2? _certificate;
    private readonly IReadOnlyList<ServerEntry> _entries;
    private readonly List<ServerSession> _sessions = [];
    private readonly List<Task> _tasks = [];
    private readonly ConcurrentDictionary<ServerRule, int> _uses = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationTokenSource _stop = new();
    private Socket _socket;
    private int _maxConcurrent;
    private int _forgotten;

    private ScriptedServer(string name, IPEndPoint address, X509Certificate2? certificate, IReadOnlyList<ServerEntry> entries)
    {
        Name = name;
        _certificate = certificate;
        _entries = entries.Count > 0 ? entries : [new ServerEntry { Backend = name, Serve = "default" }];
        _socket = Bound(address);
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    /// <summary>Its name, which is also the first label of its host name.</summary>
    public string Name { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>All connections on record.</summary>
    public IReadOnlyList<ServerSession> Sessions
    {
        get
        {
            lock (_gate)
            {
                return [.. _sessions.Skip(_forgotten)];
            }
        }
    }

    /// <summary>The messages of all connections.</summary>
    public IReadOnlyList<StoredMessage> Messages => [.. Sessions.SelectMany(session => session.Messages)];

    /// <summary>The command lines of all connections.</summary>
    public IReadOnlyList<string> Commands => [.. Sessions.SelectMany(session => session.Commands)];

    /// <summary>The most connections that were open at a time.</summary>
    public int MaxConcurrentConnections => Volatile.Read(ref _maxConcurrent);

    /// <summary>Starts a server on a free port; without entries it is well-behaved.</summary>
    public static ScriptedServer Start(string name, params IReadOnlyList<ServerEntry> entries) =>
        Start(name, new IPEndPoint(IPAddress.Loopback, 0), entries);

    /// <summary>Starts a server at an address that is known beforehand, or that another one has left.</summary>
    public static ScriptedServer Start(string name, IPEndPoint address, params IReadOnlyList<ServerEntry> entries) =>
        Start(name, address, certificate: null, entries);

    /// <summary>Starts a server that can do STARTTLS, and disposes of the certificate in the end.</summary>
    public static ScriptedServer Start(string name, IPEndPoint address, X509Certificate2? certificate, IReadOnlyList<ServerEntry> entries)
    {
        var server = new ScriptedServer(name, address, certificate, entries);
        if (!server.EntryOf(1).Refuses)
        {
            server._socket.Listen(Backlog);
            server.Track(server.AcceptAsync());
        }

        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] tasks;
        lock (_gate)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks);
        _socket.Dispose();
        _certificate?.Dispose();
        _stop.Dispose();
    }

    /// <summary>Leaves what came so far out of the record. The numbers of connections go on.</summary>
    internal void Forget()
    {
        lock (_gate)
        {
            _forgotten = _sessions.Count;
            _maxConcurrent = 0;
        }
    }

    internal X509Certificate2 RequiredCertificate => _certificate ?? throw new InvalidOperationException($"{Name} has no certificate.");

    internal void NoteUse(ServerRule rule) => _uses.AddOrUpdate(rule, 1, (_, count) => count + 1);

    internal int UsesOf(ServerRule rule) => _uses.GetValueOrDefault(rule);

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var wire = new TcpWire(await _socket.AcceptAsync(_stop.Token));
                var session = Admit(wire);
                if (EntryOf(session.Number + 1).Refuses)
                {
                    StopListening();
                    Track(ServeAsync(session));
                    return;
                }

                Track(ServeAsync(session));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The peer was gone before it was accepted; the next one counts.
            }
        }
    }

    private ServerSession Admit(TcpWire wire)
    {
        lock (_gate)
        {
            var session = new ServerSession(wire, _sessions.Count + 1);
            _sessions.Add(session);
            _maxConcurrent = Math.Max(_maxConcurrent, _sessions.Count(other => other.IsEstablished));
            return session;
        }
    }

    private async Task ServeAsync(ServerSession session)
    {
        var entry = EntryOf(session.Number);
        var how = CloseHow.Fin;
        try
        {
            if (!await HasSlotAsync(session, entry))
            {
                return;
            }

            if (entry.ExpectProxyHeader is not null)
            {
                await ProxyHeaderStep.TakeAsync(session, _stop.Token);
            }

            await (entry.Script is null
                ? new MailSink(this, session, entry, _stop.Token).ServeAsync(banner: true)
                : new ScriptPlayer(this, session, entry, _stop.Token).PlayAsync());
        }
        catch (SessionEndedException e)
        {
            how = e.How;
        }
        catch (Exception e) when (TcpWire.IsLoss(e) || e is OperationCanceledException)
        {
            // The peer went away, or the server is being stopped: what came is on record.
        }
        finally
        {
            session.Close(how);
        }
    }

    /// <summary>Keeps to the most connections of an entry: one more is refused, or waits without a banner until there is room.</summary>
    private async Task<bool> HasSlotAsync(ServerSession session, ServerEntry entry)
    {
        if (entry.MaxConnections is not { } most || !IsFull())
        {
            return true;
        }

        if (entry.OverLimit is { } refusal)
        {
            await session.SendAsync(Octets.Parse(refusal), _stop.Token);
            return false;
        }

        return await Poll.TryUntilAsync(() => !IsFull() || !session.IsEstablished, LongestWait, _stop.Token) && session.IsEstablished;

        bool IsFull() => Sessions.Count(other => other.Number < session.Number && other.IsEstablished) >= most;
    }

    /// <summary>The entry of a connection: its own, else the general one, else the last.</summary>
    private ServerEntry EntryOf(int number) =>
        _entries.FirstOrDefault(entry => entry.Conn == number) ?? _entries.FirstOrDefault(entry => entry.Conn is null) ?? _entries[^1];

    /// <summary>From here on connections are refused; the port stays taken, so that nobody else answers there.</summary>
    private void StopListening()
    {
        _socket.Dispose();
        _socket = Bound(EndPoint);
    }

    private void Track(Task task)
    {
        lock (_gate)
        {
            _tasks.Add(task);
        }
    }

    private static Socket Bound(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(address);
        return socket;
    }
}
