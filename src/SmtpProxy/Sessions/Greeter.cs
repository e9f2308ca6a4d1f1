using System.Buffers;
using System.Text;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>Answers EHLO and HELO.</summary>
internal sealed class Greeter(ClientChannel client, string hostname, Func<SmtpCapabilities> offered)
{
    private const int ReplyLength = 256;

    /// <summary>Answers, and returns what was promised.</summary>
    public SmtpExtensions Greet(bool isEsmtp)
    {
        // Once or twice in a session: what is kept for it would lie idle with all sessions.
        var name = Encoding.ASCII.GetBytes(hostname);
        var reply = new ArrayBufferWriter<byte>(ReplyLength);
        var capabilities = SmtpCapabilities.None;
        if (isEsmtp)
        {
            capabilities = offered();
            EhloWriter.Write(reply, name, capabilities);
        }
        else
        {
            ReplyWriter.WriteHelo(reply, name);
        }

        client.Write(reply.WrittenSpan);
        return capabilities.Extensions;
    }
}
