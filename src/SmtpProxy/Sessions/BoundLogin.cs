using SmtpProxy.Backends;
using SmtpProxy.Model;
using SmtpProxy.Protocol.Scripts;
using SmtpProxy.Routing;

namespace SmtpProxy.Sessions;

/// <summary>A server session that a client has logged in to. All its mail goes there: nobody else has the credentials that would open another.</summary>
/// <param name="client">As whom.</param>
/// <param name="chosen">What led to the server: the route, the key and the entry of the login, and the attempts that failed before.</param>
/// <param name="server">The session.</param>
internal sealed class BoundLogin(ClientLogin client, Transaction chosen, BackendSession server)
{
    private List<AttemptRecord> _failed = [.. chosen.Journal.Attempts];

    public ClientLogin Client { get; } = client;

    public RouteMatch Match { get; } = chosen.Match!;

    public AffinityEntry? Entry { get; set; } = chosen.Entry;

    /// <summary>How affinity took part in the choice, for the first transaction; those behind it find the entry.</summary>
    public AffinityUse Affinity { get; set; } = chosen.Affinity;

    public BackendSession Server { get; } = server;

    /// <summary>The attempts of the login that failed. They are accounted for with the first transaction, and once.</summary>
    public List<AttemptRecord> TakeFailedAttempts()
    {
        var failed = _failed;
        _failed = [];
        return failed;
    }

    /// <summary>Makes the session fit for a transaction. Where that fails it is closed.</summary>
    public async ValueTask PrepareAsync()
    {
        var isFit = Server.IsClean();
        if (isFit && Server.IsInTransaction)
        {
            isFit = (await SmtpScriptRunner.RunAsync(SmtpScript.Reset, Server, Server.Destination.Model.Connection.CommandTimeout)).Succeeded;
            Server.IsInTransaction = false;
        }

        if (!isFit)
        {
            Server.Dispose();
        }
    }
}
