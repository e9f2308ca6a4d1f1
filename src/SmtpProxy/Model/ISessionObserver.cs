namespace SmtpProxy.Model;

/// <summary>A consumer of finished and running client sessions; the rules of <see cref="ITransactionObserver"/> apply.</summary>
public interface ISessionObserver
{
    /// <summary>A client was accepted on <paramref name="listener"/>.</summary>
    void OnOpened(string listener);

    /// <summary>An AUTH command on <paramref name="listener"/> has ended.</summary>
    void OnAuthenticated(string listener, AuthResult result)
    {
    }

    /// <summary>A session that was opened has ended. <paramref name="received"/> and <paramref name="sent"/> are octets from and to the client.</summary>
    void OnClosed(string listener, SessionEnd reason, long received, long sent);
}
