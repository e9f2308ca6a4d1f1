using System.Buffers;
using System.Text;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>Answers EHLO and HELO.</summary>
internal sealed class Greeter(ClientChannel client, string hostname, Func<SmtpCapabilities> offered)
{
    private readonly byte[] _hostname = Encoding.ASCII.GetBytes(hostname);
    private readonly ArrayBufferWriter<byte> _reply = new(256);

    /// <summary>Answers, and returns what was promised.</summary>
    public SmtpExtensions Greet(bool isEsmtp)
    {
        _reply.ResetWrittenCount();
        var capabilities = SmtpCapabilities.None;
        if (isEsmtp)
        {
            capabilities = offered();
            EhloWriter.Write(_reply, _hostname, capabilities);
        }
        else
        {
            ReplyWriter.WriteHelo(_reply, _hostname);
        }

        client.Write(_reply.WrittenSpan);
        return capabilities.Extensions;
    }
}
