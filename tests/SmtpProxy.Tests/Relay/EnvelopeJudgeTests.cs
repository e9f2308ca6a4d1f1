using SmtpProxy.Model;
using SmtpProxy.Relay;
using Xunit;

namespace SmtpProxy.Tests.Relay;

public class EnvelopeJudgeTests
{
    [Theory]
    // What the server answered is the client's business.
    [InlineData(TransactionStage.Mail, ReplyRead.Reply, 250, ReplyClass.Positive, true, false, "Answer")]
    [InlineData(TransactionStage.Mail, ReplyRead.Reply, 550, ReplyClass.Permanent, false, false, "Answer")]
    [InlineData(TransactionStage.Mail, ReplyRead.Reply, 450, ReplyClass.Policy, false, false, "Answer")]
    [InlineData(TransactionStage.Rcpt, ReplyRead.Reply, 450, ReplyClass.Policy, false, false, "Answer")]
    [InlineData(TransactionStage.Rcpt, ReplyRead.Reply, 550, ReplyClass.Permanent, false, true, "Answer")]
    [InlineData(TransactionStage.Data, ReplyRead.Reply, 354, ReplyClass.Positive, false, true, "Answer")]
    [InlineData(TransactionStage.Data, ReplyRead.Reply, 554, ReplyClass.Permanent, false, true, "Answer")]
    // A later recipient's deferral is relayed, whatever it is about.
    [InlineData(TransactionStage.Rcpt, ReplyRead.Reply, 452, ReplyClass.Host, false, true, "Answer")]
    // A kept session that was dead is nobody's failure.
    [InlineData(TransactionStage.Mail, ReplyRead.Closed, 0, ReplyClass.None, true, false, "Refresh")]
    [InlineData(TransactionStage.Mail, ReplyRead.Reply, 421, ReplyClass.Host, true, false, "Refresh")]
    [InlineData(TransactionStage.Mail, ReplyRead.Reply, 503, ReplyClass.Permanent, true, false, "Refresh")]
    // The host cannot: the next one.
    [InlineData(TransactionStage.Mail, ReplyRead.Reply, 421, ReplyClass.Host, false, false, "FailOver")]
    [InlineData(TransactionStage.Mail, ReplyRead.Reply, 452, ReplyClass.Host, false, false, "FailOver")]
    [InlineData(TransactionStage.Mail, ReplyRead.Closed, 0, ReplyClass.None, false, false, "FailOver")]
    [InlineData(TransactionStage.Mail, ReplyRead.TimedOut, 0, ReplyClass.None, false, false, "FailOver")]
    [InlineData(TransactionStage.Mail, ReplyRead.ProtocolError, 0, ReplyClass.None, false, false, "FailOver")]
    [InlineData(TransactionStage.Rcpt, ReplyRead.Reply, 452, ReplyClass.Host, false, false, "FailOver")]
    [InlineData(TransactionStage.Rcpt, ReplyRead.Closed, 0, ReplyClass.None, false, false, "FailOver")]
    [InlineData(TransactionStage.Data, ReplyRead.Reply, 451, ReplyClass.Host, false, true, "FailOver")]
    // Lost after a recipient was accepted: the envelope is replayed, on the same destination first.
    [InlineData(TransactionStage.Rcpt, ReplyRead.Reply, 421, ReplyClass.Host, false, true, "Replay")]
    [InlineData(TransactionStage.Rcpt, ReplyRead.Closed, 0, ReplyClass.None, false, true, "Replay")]
    [InlineData(TransactionStage.Data, ReplyRead.Reply, 421, ReplyClass.Host, false, true, "Replay")]
    [InlineData(TransactionStage.Data, ReplyRead.TimedOut, 0, ReplyClass.None, false, true, "Replay")]
    // A positive reply that the command cannot have: out of step.
    [InlineData(TransactionStage.Mail, ReplyRead.Reply, 354, ReplyClass.Positive, false, false, "FailOver")]
    [InlineData(TransactionStage.Rcpt, ReplyRead.Reply, 354, ReplyClass.Positive, false, true, "Replay")]
    [InlineData(TransactionStage.Data, ReplyRead.Reply, 250, ReplyClass.Positive, false, true, "Replay")]
    [InlineData(TransactionStage.Mail, ReplyRead.Reply, 354, ReplyClass.Positive, true, false, "Refresh")]
    public void Judge_AnswerBeforeTheBody_IsTheStepOfTheTable(
        TransactionStage stage, ReplyRead read, int code, ReplyClass about, bool isFirstOnReused, bool hasAccepted, string expected) =>
        Assert.Equal(expected, EnvelopeJudge.Judge(stage, read, code, about, isFirstOnReused, hasAccepted).ToString());
}
