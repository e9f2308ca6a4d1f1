namespace SmtpProxy.Transport.Loops;

/// <summary>Something that a loop was asked to run.</summary>
internal sealed class ScheduledAction(Action<object?> action, object? state) : IThreadPoolWorkItem
{
    /// <inheritdoc/>
    public void Execute() => action(state);
}
