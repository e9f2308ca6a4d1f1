using System.Buffers;
using System.Collections.Immutable;
using SmtpProxy.Infrastructure;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Protocol.Scripts;

namespace SmtpProxy.Backends;

/// <summary>Holds the dialogue that a script describes. Octets that the server sends before it is asked end it: replies could no longer be paired
/// with commands.</summary>
internal static class SmtpScriptRunner
{
    /// <summary>Text of a reply that is kept; servers may send up to <see cref="SmtpLimits.Reply"/> of it.</summary>
    private const int MaxText = 512;

    /// <summary>Runs <paramref name="script"/> on <paramref name="session"/>.</summary>
    /// <param name="script">What to say and what to expect.</param>
    /// <param name="session">The session; its commands must all be answered.</param>
    /// <param name="timeout">How long each reply may take, as a whole.</param>
    public static async ValueTask<ScriptOutcome> RunAsync(SmtpScript script, BackendSession session, TimeSpan timeout)
    {
        var steps = script.Steps;
        var outcome = new ScriptOutcome(AttemptResult.Answered, SmtpPhase.None, 0, default, string.Empty, Capabilities: null);
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            outcome = outcome with { Phase = step.Phase };
            outcome = step.Kind == SmtpStepKind.Send
                ? await SendAsync(step, session, timeout, outcome)
                : await ExpectAsync(step, session, timeout, outcome);
            if (outcome.Result == AttemptResult.Refused && outcome.Code >= 500 && !step.Otherwise.IsEmpty)
            {
                outcome = outcome with { Result = AttemptResult.Answered };
                (steps, i) = (Replace(steps, i, step.Otherwise), -1);
            }
            else if (!outcome.Succeeded)
            {
                return outcome;
            }
        }

        return session.IsClean() ? outcome : outcome with { Result = AttemptResult.ProtocolError, Text = "surplus octets or closed" };
    }

    private static ImmutableArray<SmtpStep> Replace(ImmutableArray<SmtpStep> steps, int index, ImmutableArray<SmtpStep> otherwise) =>
        [.. otherwise, .. steps.AsSpan()[(index + 1)..]];

    private static async ValueTask<ScriptOutcome> SendAsync(SmtpStep step, BackendSession session, TimeSpan timeout, ScriptOutcome outcome)
    {
        if (!session.IsClean())
        {
            return outcome with { Result = AttemptResult.ProtocolError, Code = 0, Text = "surplus octets or closed" };
        }

        session.Output.Write(step.Octets.Span);
        session.Expect(1);

        // A server that closes has often said why: a failed write is told from the reply that can still be read.
        await session.FlushAsync(timeout);
        return outcome;
    }

    private static async ValueTask<ScriptOutcome> ExpectAsync(SmtpStep step, BackendSession session, TimeSpan timeout, ScriptOutcome outcome)
    {
        if (session.Outstanding == 0)
        {
            // The greeting answers the connection itself.
            session.Expect(1);
        }

        var read = await session.ReadReplyAsync(timeout);
        if (read != ReplyRead.Reply)
        {
            return outcome with { Result = FaultClassifier.Classify(read), Code = 0, Enhanced = default, Text = FaultClassifier.Describe(read) };
        }

        var reply = session.Reply;
        var asExpected = reply.Code / 100 == step.ReplyClass;
        return outcome with
        {
            Result = asExpected ? AttemptResult.Answered : AttemptResult.Refused,
            Code = reply.Code,
            Enhanced = reply.Enhanced,
            Text = asExpected ? string.Empty : WireText.Decode(reply.Octets, MaxText).TrimEnd('\r', '\n'),
            Capabilities = asExpected && step.Kind == SmtpStepKind.ExpectCapabilities ? Offered(reply) : outcome.Capabilities,
        };
    }

    private static SmtpCapabilities Offered(in SmtpReply reply) =>
        SmtpCapabilities.TryParseReply(reply, out var capabilities) ? capabilities : SmtpCapabilities.None;
}
