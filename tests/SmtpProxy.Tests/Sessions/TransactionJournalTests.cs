using System.Buffers;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Sessions;
using Xunit;

namespace SmtpProxy.Tests.Sessions;

public class TransactionJournalTests
{
    private const int Kinds = 300;

    [Fact]
    public void Reply_ServerInventsCodes_AllAreCountedInBoundedKinds()
    {
        var journal = new TransactionJournal();
        for (var code = 200; code < 200 + Kinds; code++)
        {
            journal.Reply("mta1", TransactionStage.Rcpt, new SmtpReply(code, default, ReadOnlySequence<byte>.Empty));
            journal.Reply("mta1", TransactionStage.Data, new SmtpReply(code, default, ReadOnlySequence<byte>.Empty));
        }

        Assert.Equal(2 * Kinds, journal.Replies.Sum(static kind => kind.Count));
        Assert.Equal(64 + 2, journal.Replies.Count);
        Assert.Equal([TransactionStage.Rcpt, TransactionStage.Data], journal.Replies.Where(static kind => kind.Code == 0).Select(static kind => kind.Stage));
    }
}
