using Microsoft.Extensions.Logging;
using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>Hands the beginning and the end of each client session to every observer; the counterpart of <see cref="TransactionAccountant"/>.</summary>
internal sealed partial class SessionAccountant(IEnumerable<ISessionObserver> observers, ILogger<SessionAccountant> logger)
{
    private readonly ISessionObserver[] _observers = [.. observers];
    private readonly ObserverFaults _faults = new();

    /// <summary>A client was accepted on <paramref name="listener"/>.</summary>
    public void Open(string listener)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer.OnOpened(listener);
            }
            catch (Exception e)
            {
                Note(observer, e);
            }
        }
    }

    /// <summary>An AUTH command has ended.</summary>
    public void Authenticated(string listener, AuthResult result)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer.OnAuthenticated(listener, result);
            }
            catch (Exception e)
            {
                Note(observer, e);
            }
        }
    }

    /// <summary>A session that was opened has ended. Called once per session.</summary>
    public void Close(string listener, SessionEnd end, long received, long sent)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer.OnClosed(listener, end, received, sent);
            }
            catch (Exception e)
            {
                Note(observer, e);
            }
        }
    }

    private void Note(ISessionObserver observer, Exception fault)
    {
        if (_faults.IsNew(observer, fault))
        {
            Log.ObserverFailed(logger, fault, observer.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1901, LogLevel.Error, "The session observer {Observer} failed; further faults of this kind are not logged.")]
        public static partial void ObserverFailed(ILogger logger, Exception exception, string observer);
    }
}
