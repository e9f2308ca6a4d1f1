using System.Collections.Immutable;

namespace SmtpProxy.Protocol.Scripts;

/// <summary>One step of a dialogue with a server.</summary>
public sealed record SmtpStep
{
    private SmtpStep(SmtpStepKind kind, SmtpPhase phase)
    {
        Kind = kind;
        Phase = phase;
    }

    /// <summary>What the step does.</summary>
    public SmtpStepKind Kind { get; }

    /// <summary>What the step is about.</summary>
    public SmtpPhase Phase { get; }

    /// <summary>Octets to send, with their CR LF.</summary>
    public ReadOnlyMemory<byte> Octets { get; private init; }

    /// <summary>First digit of the code that lets the script go on.</summary>
    public int ReplyClass { get; private init; }

    /// <summary>Steps that take this one's place when the server refuses it for good (5yz); none: the script fails.</summary>
    public ImmutableArray<SmtpStep> Otherwise { get; private init; } = [];

    /// <summary>Sends one command line.</summary>
    /// <param name="phase">What the command is about.</param>
    /// <param name="line">The command with its CR LF.</param>
    /// <exception cref="ArgumentException">The line does not end in CR LF, or holds a control character, which could make two commands of it.</exception>
    public static SmtpStep Send(SmtpPhase phase, ReadOnlySpan<byte> line)
    {
        if (!line.EndsWith("\r\n"u8) || line[..^2].ContainsAnyInRange((byte)0, (byte)0x1f) || line.Contains((byte)0x7f))
        {
            throw new ArgumentException("Not one command line.", nameof(line));
        }

        return new(SmtpStepKind.Send, phase) { Octets = line.ToArray() };
    }

    /// <summary>Reads a reply whose code begins with <paramref name="replyClass"/>.</summary>
    /// <param name="phase">What is answered.</param>
    /// <param name="replyClass">The first digit.</param>
    public static SmtpStep Expect(SmtpPhase phase, int replyClass) => new(SmtpStepKind.Expect, phase) { ReplyClass = replyClass };

    /// <summary>Reads a 2yz reply to EHLO.</summary>
    /// <param name="phase">What is answered.</param>
    /// <param name="otherwise">What to do instead when the server refuses for good.</param>
    public static SmtpStep ExpectCapabilities(SmtpPhase phase, params ImmutableArray<SmtpStep> otherwise) =>
        new(SmtpStepKind.ExpectCapabilities, phase) { ReplyClass = 2, Otherwise = otherwise };
}
