namespace SmtpProxy.Configuration;

/// <summary>What carries connections.</summary>
public enum TransportKind
{
    /// <summary>The best that there is: Epoll where the program brings it, on Linux; else Sockets.</summary>
    Auto,

    /// <summary>The runtime's sockets, on every system.</summary>
    Sockets,

    /// <summary>Linux' epoll, by loops of our own.</summary>
    Epoll,
}
