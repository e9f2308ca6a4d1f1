using SmtpProxy.Accounting;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>Counts a client's errors and ends its session when they are too many.</summary>
internal sealed class ClientErrors(ClientChannel client, int max, LimitMetrics limits)
{
    private int _count;

    /// <summary>Refuses a command. Returns why the session must end, or none.</summary>
    public SessionEnd Refuse(ReadOnlySpan<byte> text)
    {
        client.Refuse(text);
        return Count();
    }

    /// <summary>Counts an error that was answered already. Returns why the session must end, or none.</summary>
    public SessionEnd Count()
    {
        if (++_count < max)
        {
            return SessionEnd.None;
        }

        limits.Hit(LimitKind.MaxErrors);
        client.Refuse(SmtpReplies.TooManyErrors);
        return SessionEnd.ErrorLimit;
    }
}
