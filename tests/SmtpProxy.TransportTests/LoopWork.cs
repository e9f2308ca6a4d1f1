namespace SmtpProxy.TransportTests;

/// <summary>Something to run on the thread of a loop.</summary>
internal sealed class LoopWork(Func<Task> work) : IThreadPoolWorkItem
{
    public void Execute() => _ = work();
}
