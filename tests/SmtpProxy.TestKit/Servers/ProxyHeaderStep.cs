using System.Buffers.Binary;
using System.Net;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Servers;

/// <summary>Reads the PROXY header, of either version, that a server wants before it greets.</summary>
internal static class ProxyHeaderStep
{
    private const int FixedPart = 16;
    private const int LengthAt = 14;
    private const int FamilyAt = 13;
    private const byte TcpOverIPv4 = 0x11;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Takes the header, or ends a session that begins otherwise.</summary>
    public static async Task TakeAsync(ServerSession session, CancellationToken cancellationToken)
    {
        while (session.Unread.Length < FixedPart && (IsSignature(session) || !session.Unread.Span.Contains((byte)'\n')))
        {
            await ReadAsync(session, cancellationToken);
        }

        if (session.Unread.Span.StartsWith(Signature))
        {
            var length = FixedPart + BinaryPrimitives.ReadUInt16BigEndian(session.Unread.Span[LengthAt..]);
            while (session.Unread.Length < length)
            {
                await ReadAsync(session, cancellationToken);
            }

            var header = session.Unread.Take(length);
            session.NoteProxyHeader(header, header[FamilyAt] == TcpOverIPv4 ? new IPAddress(header.AsSpan(FixedPart, 4)).ToString() : "");
            return;
        }

        var line = await session.ReadLineAsync(cancellationToken) ?? throw new SessionEndedException();
        var words = Octets.TextOf(line).Split(' ');
        if (words[0] != "PROXY")
        {
            await session.SendAsync("500 5.5.1 a PROXY header is needed\r\n"u8.ToArray(), cancellationToken);
            throw new SessionEndedException();
        }

        session.NoteProxyHeader(line, words.ElementAtOrDefault(2) ?? "");
    }

    private static bool IsSignature(ServerSession session) =>
        session.Unread.Span.StartsWith(Signature[..Math.Min(Signature.Length, session.Unread.Length)]);

    private static async Task ReadAsync(ServerSession session, CancellationToken cancellationToken)
    {
        if (!await session.ReadMoreAsync(cancellationToken))
        {
            throw new SessionEndedException();
        }
    }
}
