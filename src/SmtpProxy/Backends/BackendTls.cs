using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Protocol.Scripts;

namespace SmtpProxy.Backends;

/// <summary>The part of opening a session that is about TLS: STARTTLS, the handshake and EHLO once more (RFC 3207). What the server offered in
/// clear is forgotten.</summary>
internal static class BackendTls
{
    /// <summary>Goes on where <paramref name="hello"/>, the greeting and EHLO in clear, ended well.</summary>
    public static async ValueTask<ScriptOutcome> RunAsync(
        BackendSession session, DestinationModel model, BackendTlsOptions options, ReadOnlyMemory<byte> hostname, ScriptOutcome hello)
    {
        var mode = model.Connection.Tls;
        if (mode == ConnectionTlsMode.None)
        {
            return hello;
        }

        var timeout = model.Connection.HandshakeTimeout;
        if (hello.Capabilities?.Has(SmtpExtensions.StartTls) != true)
        {
            return mode == ConnectionTlsMode.Opportunistic
                ? hello : Failed(hello, AttemptResult.Refused, "STARTTLS is not offered, and mail may not go in clear");
        }

        var asked = await SmtpScriptRunner.RunAsync(SmtpScript.StartTls, session, timeout);
        if (!asked.Succeeded)
        {
            // A server that says no is still in step, and clear text was good enough for a server without TLS.
            return mode == ConnectionTlsMode.Opportunistic && asked.Result == AttemptResult.Refused && session.IsClean() ? hello : asked;
        }

        if (await session.StartTlsAsync(await options.ForAsync(model), timeout) is { } fault)
        {
            var result = fault is TimeoutException ? AttemptResult.TimedOut : AttemptResult.ConnectionLost;
            return Failed(asked, result, $"no TLS: {(fault.InnerException ?? fault).Message}");
        }

        return await SmtpScriptRunner.RunAsync(SmtpScript.Hello(hostname.Span), session, model.Connection.GreetingTimeout);
    }

    private static ScriptOutcome Failed(ScriptOutcome before, AttemptResult result, string text) =>
        before with { Result = result, Phase = SmtpPhase.StartTls, Code = 0, Enhanced = default, Text = text };
}
