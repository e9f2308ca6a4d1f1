using SmtpProxy.Transport.Native;

namespace SmtpProxy.Transport.Loops;

/// <summary>What a loop watches a descriptor for.</summary>
internal interface IEpollTarget
{
    /// <summary>Called on the loop's thread. Must not block.</summary>
    void OnReady(EpollEvents events);

    /// <summary>The loop ends and will report nothing more.</summary>
    void OnLoopEnding();
}
