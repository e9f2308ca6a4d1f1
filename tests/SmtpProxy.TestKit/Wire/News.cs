namespace SmtpProxy.TestKit.Wire;

/// <summary>Lets one task wait until another has something new. The waiter takes <see cref="Next"/> before it looks.</summary>
internal sealed class News
{
    private TaskCompletionSource _next = Create();

    /// <summary>Completes at the next <see cref="Tell"/>.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Tell() => Interlocked.Exchange(ref _next, Create()).SetResult();

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
