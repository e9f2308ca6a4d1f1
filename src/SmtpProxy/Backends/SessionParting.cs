using SmtpProxy.Protocol.Scripts;

namespace SmtpProxy.Backends;

/// <summary>What is said to a server behind a transaction's back: RSET before a session is kept, QUIT before it is closed.</summary>
/// <param name="background">Where it goes on.</param>
/// <param name="closed">Told when a connection is closed, and whether the server has ended the session before.</param>
/// <param name="tryKeep">Keeps a session that was cleared, or says that it must be closed.</param>
internal sealed class SessionParting(BackgroundWork background, Action<PooledSession, bool> closed, Func<PooledSession, bool> tryKeep)
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
        var kept = false;
        try
        {
            var outcome = await SmtpScriptRunner.RunAsync(SmtpScript.Reset, pooled.Session, ResetTimeout);
            if (outcome.Succeeded)
            {
                pooled.Session.IsInTransaction = false;
                kept = tryKeep(pooled);
            }
        }
        finally
        {
            if (!kept)
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
