namespace SmtpProxy.Transport.Native;

/// <summary>What epoll is asked for and reports.</summary>
[Flags]
internal enum EpollEvents : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>There is something to read.</summary>
    In = 0x001,

    /// <summary>There is room to write.</summary>
    Out = 0x004,

    /// <summary>The connection has failed.</summary>
    Error = 0x008,

    /// <summary>Both directions are closed.</summary>
    HangUp = 0x010,

    /// <summary>The peer sends nothing more.</summary>
    ReadHangUp = 0x2000,

    /// <summary>One event wakes one loop.</summary>
    Exclusive = 1u << 28,

    /// <summary>Changes are reported, not states.</summary>
    EdgeTriggered = 1u << 31,

    /// <summary>What a reader has to look at.</summary>
    Readable = In | ReadHangUp | HangUp | Error,

    /// <summary>What a writer has to look at.</summary>
    Writable = Out | HangUp | Error,
}
