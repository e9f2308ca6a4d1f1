using System.Buffers;
using System.Text;
using SmtpProxy.Backends;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class ReplyClassifierTests
{
    [Theory]
    [InlineData("250 2.1.0 ok", TransactionStage.Mail, ReplyClass.Positive)]
    [InlineData("354 go on", TransactionStage.Data, ReplyClass.Positive)]
    [InlineData("421 4.7.0 too many connections", TransactionStage.Rcpt, ReplyClass.Host)]
    [InlineData("421 bye", TransactionStage.FinalReply, ReplyClass.Host)]
    [InlineData("421 4.1.1 whatever it says", TransactionStage.Rcpt, ReplyClass.Host)]
    [InlineData("452 4.3.1 out of disk", TransactionStage.Mail, ReplyClass.Host)]
    [InlineData("452 4.3.1 out of disk", TransactionStage.FinalReply, ReplyClass.Host)]
    [InlineData("451 4.3.0 <a@example.org> lookup failure", TransactionStage.Rcpt, ReplyClass.Host)]
    [InlineData("450 4.4.1 no answer", TransactionStage.Rcpt, ReplyClass.Host)]
    [InlineData("451 4.7.0 temporary server error", TransactionStage.Rcpt, ReplyClass.Host)]
    [InlineData("451 4.7.0 <r@example.org> greylisted", TransactionStage.Rcpt, ReplyClass.Policy)]
    [InlineData("451 4.7.0 r@example.org greylisted", TransactionStage.Rcpt, ReplyClass.Policy)]
    [InlineData("450 4.7.0 greylisted", TransactionStage.Rcpt, ReplyClass.Policy)]
    [InlineData("451 4.7.1 greylisted", TransactionStage.Rcpt, ReplyClass.Policy)]
    [InlineData("450 4.2.0 mailbox busy", TransactionStage.Rcpt, ReplyClass.Policy)]
    [InlineData("452 4.5.3 too many recipients", TransactionStage.Rcpt, ReplyClass.Policy)]
    [InlineData("452 4.2.2 over quota", TransactionStage.FinalReply, ReplyClass.Policy)]
    [InlineData("450 later", TransactionStage.Mail, ReplyClass.Host)]
    [InlineData("459 later", TransactionStage.Mail, ReplyClass.Host)]
    [InlineData("450 later", TransactionStage.Rcpt, ReplyClass.Policy)]
    [InlineData("450 4.1.8 sender domain not found", TransactionStage.Mail, ReplyClass.Policy)]
    [InlineData("432 a password transition is needed", TransactionStage.Mail, ReplyClass.Policy)]
    [InlineData("454 4.7.0 temporary authentication failure", TransactionStage.Auth, ReplyClass.Host)]
    [InlineData("454 4.7.0 TLS not available", TransactionStage.Mail, ReplyClass.Policy)]
    [InlineData("451 later", TransactionStage.Auth, ReplyClass.Host)]
    [InlineData("432 4.7.12 a password transition is needed", TransactionStage.Auth, ReplyClass.Policy)]
    [InlineData("535 5.7.8 no", TransactionStage.Auth, ReplyClass.Permanent)]
    [InlineData("550 5.7.1 no", TransactionStage.Mail, ReplyClass.Permanent)]
    [InlineData("554 5.3.0 no", TransactionStage.FinalReply, ReplyClass.Permanent)]
    [InlineData("554 4.3.0 odd", TransactionStage.FinalReply, ReplyClass.Permanent)]
    public void Classify_Reply_FollowsTheTable(string text, TransactionStage stage, ReplyClass expected)
    {
        var octets = Encoding.ASCII.GetBytes(text + "\r\n");
        var code = EnhancedStatusCode.TryParse(octets.AsSpan(4), out var enhanced, out _) ? enhanced : default;
        var reply = new SmtpReply(int.Parse(text.AsSpan(0, 3), provider: null), code, new ReadOnlySequence<byte>(octets));

        Assert.Equal(expected, ReplyClassifier.Classify(reply, stage));
    }
}
