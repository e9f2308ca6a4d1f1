using System.Buffers;
using System.Collections.Immutable;

namespace SmtpProxy.Protocol.Scripts;

/// <summary>A dialogue with a server as data: what is sent and what must come back.</summary>
/// <param name="Steps">The steps in order.</param>
public sealed record SmtpScript(ImmutableArray<SmtpStep> Steps)
{
    /// <summary>Ends a transaction and keeps the session (RFC 5321 section 4.1.1.5).</summary>
    public static SmtpScript Reset { get; } = new([SmtpStep.Send(SmtpPhase.Reset, SmtpCommands.Rset), SmtpStep.Expect(SmtpPhase.Reset, 2)]);

    /// <summary>Ends the session (RFC 5321 section 4.1.1.10).</summary>
    public static SmtpScript Quit { get; } = new([SmtpStep.Send(SmtpPhase.Quit, SmtpCommands.Quit), SmtpStep.Expect(SmtpPhase.Quit, 2)]);

    /// <summary>Asks for TLS; octets behind the answer end the script, because they came in clear (RFC 3207 section 4).</summary>
    public static SmtpScript StartTls { get; } =
        new([SmtpStep.Send(SmtpPhase.StartTls, SmtpCommands.StartTls), SmtpStep.Expect(SmtpPhase.StartTls, 2)]);

    /// <summary>Opens a session. A server that refuses EHLO for good is offered HELO on the same connection (RFC 5321 section 3.2).</summary>
    /// <param name="hostname">The name to give; a client's own name never stands here, because a server may refuse it.</param>
    public static SmtpScript Handshake(ReadOnlySpan<byte> hostname) =>
        new([SmtpStep.Expect(SmtpPhase.Greeting, 2), .. Hello(hostname).Steps]);

    /// <summary>Tells a server who the client is; the session begins anew then: a greeting, and EHLO (Postfix, XCLIENT_README).</summary>
    /// <param name="offered">What the server lets be told.</param>
    /// <param name="client">The client.</param>
    /// <param name="hostname">The name to give in EHLO for a client that gave none.</param>
    /// <remarks>EHLO carries the client's own name: Postfix takes the name in it for the client's, whatever XCLIENT said before (measured with 3.7).</remarks>
    public static SmtpScript XClient(ClientAttributes offered, ForwardedClient client, ReadOnlySpan<byte> hostname)
    {
        var commands = new ArrayBufferWriter<byte>();
        ForwardedClientWriter.WriteXClient(commands, offered, client);
        var name = new ArrayBufferWriter<byte>();
        var isNamed = ForwardedClientWriter.TryWriteName(name, client);
        var steps = ImmutableArray.CreateBuilder<SmtpStep>();
        for (var rest = commands.WrittenSpan; !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)'\n') + 1;
            steps.Add(SmtpStep.Send(SmtpPhase.XClient, rest[..end]));
            steps.Add(SmtpStep.Expect(SmtpPhase.XClient, 2));
            rest = rest[end..];
        }

        return new([.. steps, .. Hello(isNamed ? name.WrittenSpan : hostname).Steps]);
    }

    /// <summary>The same where no greeting comes: after a handshake of TLS (RFC 3207 section 4.2).</summary>
    /// <param name="hostname">The name to give.</param>
    public static SmtpScript Hello(ReadOnlySpan<byte> hostname)
    {
        var ehlo = new ArrayBufferWriter<byte>();
        var helo = new ArrayBufferWriter<byte>();
        SmtpCommands.WriteEhlo(ehlo, hostname);
        SmtpCommands.WriteHelo(helo, hostname);
        return new(
        [
            SmtpStep.Send(SmtpPhase.Ehlo, ehlo.WrittenSpan),
            SmtpStep.ExpectCapabilities(
                SmtpPhase.Ehlo, SmtpStep.Send(SmtpPhase.Ehlo, helo.WrittenSpan), SmtpStep.Expect(SmtpPhase.Ehlo, 2)),
        ]);
    }
}
