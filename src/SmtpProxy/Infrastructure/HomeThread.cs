using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace SmtpProxy.Infrastructure;

/// <summary>The thread on which a connection's transport reports what arrives. Work that takes long leaves it, because all its connections would stand
/// still meanwhile, and comes back by awaiting this. Goes on at once for a transport without threads of its own.</summary>
/// <param name="scheduler">Runs something on that thread; null: there is none.</param>
internal readonly struct HomeThread(PipeScheduler? scheduler) : ICriticalNotifyCompletion
{
    public bool IsCompleted => scheduler is null;

    /// <summary>That of a connection: a transport names it by a <see cref="PipeScheduler"/> among the connection's features.</summary>
    public static HomeThread Of(IDuplexPipe transport) => new((transport as BaseConnectionContext)?.Features.Get<PipeScheduler>());

    public HomeThread GetAwaiter() => this;

    public void GetResult()
    {
        // Nothing can go wrong.
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => scheduler!.Schedule(static action => ((Action)action!)(), continuation);
}
