using System.Collections.Concurrent;

namespace SmtpProxy.Accounting;

/// <summary>Tells observers of something, each of them: no fault of one reaches the session, or the observers behind it.</summary>
/// <param name="observers">In the order in which they are told.</param>
/// <param name="onFault">Logs that an observer, which is named, has failed.</param>
internal sealed class ObserverList<T>(IEnumerable<T> observers, Action<Exception, string> onFault)
    where T : class
{
    private readonly T[] _observers = [.. observers];

    // An observer that fails on every call does not fill the log. Bounded by nature: there are only so many types in a program.
    private readonly ConcurrentDictionary<(Type Observer, Type Fault), bool> _seen = new();

    /// <summary>Tells all of them.</summary>
    /// <param name="state">What of.</param>
    /// <param name="tell">Tells one; static, so that telling costs no allocation.</param>
    public void Tell<TState>(TState state, Action<T, TState> tell)
    {
        foreach (var observer in _observers)
        {
            try
            {
                tell(observer, state);
            }
            catch (Exception e)
            {
                if (_seen.TryAdd((observer.GetType(), e.GetType()), true))
                {
                    onFault(e, observer.GetType().Name);
                }
            }
        }
    }
}
