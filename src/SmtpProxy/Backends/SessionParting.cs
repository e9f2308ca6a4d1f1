using SmtpProxy.Protocol.Scripts;

namespace SmtpProxy.Backends;

/// <summary>What is said to a server behind a transaction's back: RSET before a session is kept, QUIT before it is closed.</summary>
/// <param name="background">Where it goes on.</param>
/// <param name="closed">Told when a connection is closed, and whether the server has ended the session before.</param>
/// <param name="tryKeep">Keeps a session if RSET has cleared it, or says that it must be closed.</param>
internal sealed class SessionParting(BackgroundWork background, Action<PooledSession, bool> closed, Func<PooledSession, bool, bool> tryKeep)
{
    private static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Closes a session; with QUIT where the dialogue is intact.</summary>
    public void Part(PooledSession pooled)
    {
        if (pooled.Session.IsClean())
        {
            background.Add(QuitInBackgroundAsync(pooled));
        }
        else
        {
            Close(pooled, isLost: true);
        }
    }

    /// <summary>Clears a session of the transaction that was left on it, and keeps it if the server agrees.</summary>
    public void Reset(PooledSession pooled) => background.Add(ResetInBackgroundAsync(pooled));

    private async Task QuitInBackgroundAsync(PooledSession pooled)
    {
        try
        {
            await SmtpScriptRunner.RunAsync(SmtpScript.Quit, pooled.Session, QuitTimeout);
        }
        finally
        {
            Close(pooled, isLost: false);
        }
    }

    private async Task ResetInBackgroundAsync(PooledSession pooled)
    {
        var isClear = false;
        try
        {
            isClear = (await SmtpScriptRunner.RunAsync(SmtpScript.Reset, pooled.Session, ResetTimeout)).Succeeded;
            pooled.Session.IsInTransaction = !isClear;
        }
        finally
        {
            // Whoever waits for the reset asks again at once: the books must say by then what became of the session.
            if (!tryKeep(pooled, isClear))
            {
                Part(pooled);
            }

            pooled.EndReset();
        }
    }

    private void Close(PooledSession pooled, bool isLost)
    {
        pooled.Session.Dispose();
        closed(pooled, isLost);
    }
}
