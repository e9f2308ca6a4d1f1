using Microsoft.Extensions.Logging;
using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>Hands the beginning and the end of each client session to every observer; the counterpart of <see cref="TransactionAccountant"/>.</summary>
internal sealed partial class SessionAccountant(IEnumerable<ISessionObserver> observers, ILogger<SessionAccountant> logger)
{
    private readonly ObserverList<ISessionObserver> _observers = new(observers, (fault, observer) => Log.ObserverFailed(logger, fault, observer));

    /// <summary>A client was accepted on <paramref name="listener"/>.</summary>
    public void Open(string listener) => _observers.Tell(listener, static (observer, listener) => observer.OnOpened(listener));

    /// <summary>An AUTH command has ended.</summary>
    public void Authenticated(string listener, AuthResult result) =>
        _observers.Tell((listener, result), static (observer, login) => observer.OnAuthenticated(login.listener, login.result));

    /// <summary>A session that was opened has ended. Called once per session.</summary>
    public void Close(string listener, SessionEnd end, long received, long sent) => _observers.Tell(
        (listener, end, received, sent),
        static (observer, session) => observer.OnClosed(session.listener, session.end, session.received, session.sent));

    private static partial class Log
    {
        [LoggerMessage(1901, LogLevel.Error, "The session observer {Observer} failed; further faults of this kind are not logged.")]
        public static partial void ObserverFailed(ILogger logger, Exception exception, string observer);
    }
}
