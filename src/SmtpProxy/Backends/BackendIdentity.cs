using System.Net;
using System.Text;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Protocol.ProxyProtocol;
using SmtpProxy.Protocol.Scripts;

namespace SmtpProxy.Backends;

/// <summary>The part of opening a session that tells the server who the client is.</summary>
internal static class BackendIdentity
{
    /// <summary>The header that comes before everything else, TLS too; nothing where none is configured. Never UNKNOWN, which Postfix refuses.</summary>
    public static async ValueTask SendHeaderAsync(
        BackendSession session, ConnectionConfig settings, ForwardedClient? client, Func<EndPoint?>? local)
    {
        if (settings.Identity is not (IdentityMode.ProxyV1 or IdentityMode.ProxyV2))
        {
            return;
        }

        var own = local?.Invoke() as IPEndPoint ?? new IPEndPoint(IPAddress.Loopback, 0);
        var from = client?.RemoteEndPoint ?? own;
        var to = client?.LocalEndPoint ?? session.RemoteEndPoint as IPEndPoint ?? own;
        if (settings.Identity == IdentityMode.ProxyV1)
        {
            ProxyHeaderWriter.WriteV1(session.Output, from, to);
        }
        else if (client is null)
        {
            ProxyHeaderWriter.WriteV2Local(session.Output);
        }
        else
        {
            ProxyHeaderWriter.WriteV2(session.Output, from, to);
        }

        // A failed write needs no answer of its own: the greeting does not come.
        await session.FlushAsync(settings.GreetingTimeout);
    }

    /// <summary>XCLIENT, where it is configured; goes on where <paramref name="hello"/>, greeting and EHLO, under TLS or not, ended well. A server that
    /// does not take it is not used: it would judge the client's mail by the proxy's address, which it trusts.</summary>
    public static async ValueTask<ScriptOutcome> RunAsync(
        BackendSession session, ConnectionConfig settings, ForwardedClient? client, string hostname, ScriptOutcome hello)
    {
        if (settings.Identity != IdentityMode.XClient || client is null)
        {
            return hello;
        }

        var offered = hello.Capabilities?.XClient ?? ClientAttributes.None;
        return offered.HasFlag(ClientAttributes.Address)
            ? await SmtpScriptRunner.RunAsync(SmtpScript.XClient(offered, client, Encoding.UTF8.GetBytes(hostname)), session, settings.GreetingTimeout)
            : hello with
            {
                Result = AttemptResult.Refused,
                Phase = SmtpPhase.XClient,
                Text = "XCLIENT with ADDR is not offered; the server must list the proxy among those that may use it",
            };
    }
}
