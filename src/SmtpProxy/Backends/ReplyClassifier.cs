using System.Buffers;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Backends;

/// <summary>Tells replies about the host, where another server may well accept, from those about the recipient or a policy, where moving the mail
/// would only start the wait again (greylisting above all).</summary>
internal static class ReplyClassifier
{
    // The first row that matches decides. Reply codes: RFC 5321 section 4.2.3; enhanced codes: RFC 3463.
    private static readonly ReplyRule[] Rules =
    [
        // The server is about to close, whatever else it says.
        new(ReplyClass.Host) { Code = 421 },

        // Mail system status (x.3.1 system full, x.3.2 not accepting) and network status (x.4.x).
        new(ReplyClass.Host) { Subject = 3 },
        new(ReplyClass.Host) { Subject = 4 },

        // Too many connections, back pressure. With an address it is greylisting.
        new(ReplyClass.Host) { Code = 451, Subject = 7, Detail = 0, Trait = ReplyTrait.NamesNobody },

        // The server could not ask whatever knows the passwords (RFC 4954 section 6).
        new(ReplyClass.Host) { Code = 454, Stage = TransactionStage.Auth },
        new(ReplyClass.Host) { Code = 45, Stage = TransactionStage.Auth, Trait = ReplyTrait.NoEnhancedCode },

        // To MAIL there is no recipient yet that it could be about.
        new(ReplyClass.Host) { Code = 45, Stage = TransactionStage.Mail, Trait = ReplyTrait.NoEnhancedCode },
    ];

    /// <summary>Classifies the reply to the command of <paramref name="stage"/>.</summary>
    public static ReplyClass Classify(in SmtpReply reply, TransactionStage stage)
    {
        if (!reply.IsTransient)
        {
            return reply.IsPermanent ? ReplyClass.Permanent : ReplyClass.Positive;
        }

        foreach (var rule in Rules)
        {
            if (Matches(rule, reply, stage))
            {
                return rule.Class;
            }
        }

        return ReplyClass.Policy;
    }

    private static bool Matches(ReplyRule rule, in SmtpReply reply, TransactionStage stage) =>
        (rule.Code is not { } code || code == reply.Code || code == reply.Code / 10)
        && (rule.Subject is not { } subject || (!reply.Enhanced.IsNone && subject == reply.Enhanced.Subject))
        && (rule.Detail is not { } detail || detail == reply.Enhanced.Detail)
        && (rule.Stage is not { } at || at == stage)
        && HasTrait(rule.Trait, reply);

    private static bool HasTrait(ReplyTrait trait, in SmtpReply reply) => trait switch
    {
        ReplyTrait.NoEnhancedCode => reply.Enhanced.IsNone,
        ReplyTrait.NamesNobody => reply.Octets.PositionOf((byte)'<') is null && reply.Octets.PositionOf((byte)'@') is null,
        _ => true,
    };
}
