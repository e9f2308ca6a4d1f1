using System.Collections.Concurrent;

namespace SmtpProxy.Accounting;

/// <summary>Remembers which kinds of fault were seen, so that an observer that fails on every call does not fill the log.</summary>
/// <remarks>Bounded by nature: there are only so many observer and exception types in a program.</remarks>
internal sealed class ObserverFaults
{
    private readonly ConcurrentDictionary<(Type Observer, Type Fault), bool> _seen = new();

    /// <summary>True the first time that this kind of observer fails in this way.</summary>
    public bool IsNew(object observer, Exception fault) => _seen.TryAdd((observer.GetType(), fault.GetType()), true);
}
