namespace SmtpProxy.Transport;

/// <summary>How the transport runs.</summary>
public sealed record EpollTransportOptions
{
    /// <summary>Threads that wait for events, each with connections of its own; one for every two processors unless set. A busy loop finds more to do each
    /// time that it looks, and half of the work for a connection is the system's.</summary>
    public int Loops { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>What waited goes on on the loop's own thread (default), which spares a wake-up each time, but must never block. Otherwise on the thread
    /// pool.</summary>
    public bool InlineContinuations { get; init; } = true;

    /// <summary>Octets of the largest block that is received into, while a body flows: calls and wake-ups get fewer with it, and so does their part of a
    /// body's cost. Each connection in such a flow holds one. At least 16384.</summary>
    public int MaxReadBlock { get; init; } = 262_144;

    /// <summary>Connections that the system completes before they are accepted.</summary>
    public int Backlog { get; init; } = 4096;
}
