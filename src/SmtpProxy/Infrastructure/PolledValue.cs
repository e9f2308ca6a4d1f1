namespace SmtpProxy.Infrastructure;

/// <summary>Something that is read from files again when they change. Files are touched on the thread pool, and at most once a second however many ask:
/// whoever asks in time gets what is known, without a wait.</summary>
/// <param name="read">Looks, and returns what is in force then.</param>
/// <param name="time">The clock.</param>
internal sealed class PolledValue<T>(Func<T> read, TimeProvider time)
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<T>? _last;
    private long _checkedAt;

    /// <summary>What is in force now.</summary>
    public ValueTask<T> GetAsync()
    {
        lock (_lock)
        {
            if (_last is null || (_last.IsCompleted && (!_last.IsCompletedSuccessfully || time.GetElapsedTime(_checkedAt) >= CheckEvery)))
            {
                _checkedAt = time.GetTimestamp();
                _last = Task.Run(read);
            }

            return new(_last);
        }
    }
}
