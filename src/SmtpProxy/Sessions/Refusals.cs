using System.Buffers;
using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>Replies kept for later.</summary>
internal static class Refusals
{
    /// <summary>A server's 4xx as its client shall see it, should nobody do better: a 421 as 451.</summary>
    public static byte[] AsRelayed(in SmtpReply reply)
    {
        if (reply.Code != 421)
        {
            return reply.Octets.ToArray();
        }

        var text = new ArrayBufferWriter<byte>((int)reply.Octets.Length);
        ReplyWriter.WriteWithout421(text, reply);
        return text.WrittenSpan.ToArray();
    }
}
