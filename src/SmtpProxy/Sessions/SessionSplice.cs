using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Relay;
using SmtpProxy.Routing;

namespace SmtpProxy.Sessions;

/// <summary>From the first accepted MAIL on, the client speaks to one server until either ends the connection; the end is the session's.</summary>
internal sealed class SessionSplice(
    SessionServices services, ServerFinder finder, ClientChannel client, ListenerConfig listener, Func<Envelope, RouteMatch?, Transaction> begin)
{
    /// <summary>Runs the session to its end.</summary>
    /// <param name="first">The transaction whose MAIL was just accepted.</param>
    public async ValueTask<SessionEnd> RunAsync(Transaction first)
    {
        var server = first.Server!;
        var settings = server.Destination.Model.Connection;
        var journal = new SpliceJournal(first, server, listener.Lenient, begin, Complete, services.Limits);
        var dialogue = new SpliceDialogue(journal, BodyExchange.Policy(listener.BareNewline), listener.Limits.MaxSplicedCommands);
        try
        {
            if (!await client.FlushAsync(listener.CommandTimeout))
            {
                journal.End(SpliceEnd.ClientLost, SpliceCommand.None);
                return SessionEnd.ClientReset;
            }

            var timeouts = new SpliceTimeouts(listener.CommandTimeout, listener.BodyTimeout, settings.FinalReplyTimeout);
            using var relay = new SpliceRelay(client, server, dialogue, timeouts, services.Time);
            var end = await relay.RunAsync();
            var due = dialogue.Due;
            Say(end, isOwed: due != SpliceCommand.None || dialogue.IsInTransaction);
            journal.End(end, due);
            return Reason(end);
        }
        finally
        {
            server.Destination.Leave();
            services.Pools.Discard(server);
        }
    }

    private void Complete(Transaction transaction, TransactionOutcome outcome) =>
        services.Accountant.Complete(Records.Of(transaction, outcome, finder.Fallback(transaction), services.Time));

    private void Say(SpliceEnd end, bool isOwed)
    {
        switch (end)
        {
            case SpliceEnd.ClientTimedOut:
                services.Limits.Hit(LimitKind.CommandTimeout);
                client.Refuse(SmtpReplies.CommandTimeout);
                break;
            case SpliceEnd.ServerTimedOut:
            case SpliceEnd.ServerClosed when isOwed:
                client.Refuse(SmtpReplies.ServerLostForGood);
                break;
            case SpliceEnd.BareNewline:
                client.Refuse(SmtpReplies.BareNewline);
                break;
            case SpliceEnd.RefusedText:
                client.Refuse(SmtpReplies.RefusedData);
                break;
            case SpliceEnd.Drained:
                client.Refuse(SmtpReplies.ShuttingDown);
                break;
            default:
                break;
        }
    }

    private static SessionEnd Reason(SpliceEnd end) => end switch
    {
        SpliceEnd.Quit => SessionEnd.Quit,
        SpliceEnd.ClientClosed => SessionEnd.ClientClosed,
        SpliceEnd.ClientTimedOut => SessionEnd.TimedOut,
        SpliceEnd.ServerClosed or SpliceEnd.ServerTimedOut => SessionEnd.ServerLost,
        SpliceEnd.BareNewline or SpliceEnd.RefusedText => SessionEnd.ProtocolError,
        SpliceEnd.Drained => SessionEnd.Drained,
        _ => SessionEnd.ClientReset,
    };
}
