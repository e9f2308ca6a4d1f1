using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Relay;

/// <summary>XFORWARD before each message, where it is configured and offered: the session serves many clients, and the server's log shall name the
/// right one. What the server says to it does not matter to the message.</summary>
internal static class ClientForwarding
{
    /// <summary>Puts it ahead of MAIL: into the same write when the server lets commands be pipelined, else it is answered first.</summary>
    /// <param name="server">The session.</param>
    /// <param name="next">What is about to be sent.</param>
    /// <param name="timeout">How long the answer may take.</param>
    public static ValueTask BeginAsync(BackendSession server, TransactionStage next, TimeSpan timeout) =>
        next == TransactionStage.Mail && server.Client is { } client && server.Capabilities.XForward != ClientAttributes.None
            && server.Destination.Model.Connection.Identity == IdentityMode.XForward
            ? TellAsync(server, client, timeout) : default;

    private static async ValueTask TellAsync(BackendSession server, ForwardedClient client, TimeSpan timeout)
    {
        var count = ForwardedClientWriter.WriteXForward(server.Output, server.Capabilities.XForward, client);
        server.ExpectAside(count);
        if (!server.Capabilities.Has(SmtpExtensions.Pipelining))
        {
            // If it fails, reading the answer to MAIL tells so.
            await server.FlushAsync(timeout);
            await server.ReadAsideAsync(timeout);
        }
    }
}
