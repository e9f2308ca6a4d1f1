using System.Buffers;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

/// <summary>What runs for every command, reply and piece of text must leave nothing to collect.</summary>
public sealed class AllocationTests
{
    private const int Iterations = 1_000;
    private const int TextLength = 65_536;
    private const string Line = "..a line of thirty-two octets.\r\n";

    private static readonly byte[] Mail = Wire.Octets("MAIL FROM:<\"a b\"@example.com> SIZE=1000 BODY=8BITMIME RET=HDRS ENVID=x+2By\r\n");

    private static readonly byte[] Recipient = Wire.Octets("RCPT TO:<@x.example,@y.example:a@example.com> NOTIFY=NEVER ORCPT=rfc822;a@example.com\r\n");

    private static readonly byte[] Reply = Wire.Octets("250-first\r\n250-2.1.5 second\r\n250 2.1.5 Ok: queued as 4XyZ\r\n");

    private static readonly byte[] Text = Wire.Octets(string.Concat(Enumerable.Repeat(Line, TextLength / Line.Length)) + ".\r\n");

    public static TheoryData<bool> Segmented => [false, true];

    [Theory]
    [MemberData(nameof(Segmented))]
    public void LineCommandAndMail_SteadyState_AllocateNothing(bool segmented)
    {
        var line = Sequence(Mail, segmented);
        var mail = Mail.AsSpan()[..^2].ToArray();
        var recipient = Recipient.AsSpan()[..^2].ToArray();
        var output = new ArrayBufferWriter<byte>(1_024);
        var capabilities = new SmtpCapabilities((SmtpExtensions)uint.MaxValue, 1_000_000);

        AssertNoAllocation(() =>
        {
            var reader = new SmtpLineReader(SmtpLimits.CommandLine);
            var buffer = line;
            var isRead = reader.TryRead(ref buffer, out var read) == LineStatus.Line && read.Length == mail.Length;
            var first = EnvelopeParser.ParseMail(SmtpCommandParser.Parse(mail).Argument, lenient: true);
            var second = EnvelopeParser.ParseRecipient(SmtpCommandParser.Parse(recipient).Argument, lenient: true);
            output.ResetWrittenCount();
            EnvelopeWriter.WriteMail(output, first);
            EnvelopeWriter.WriteRecipient(output, second);
            ReplyWriter.Write(output, SmtpReplies.BadSender, "id"u8);
            EhloWriter.Write(output, "mx.example.com"u8, capabilities);
            return isRead && first.Status == EnvelopeStatus.Ok && second.Status == EnvelopeStatus.Ok;
        });
    }

    [Theory]
    [MemberData(nameof(Segmented))]
    public void Reply_SteadyState_AllocatesNothing(bool segmented)
    {
        var octets = Sequence(Reply, segmented);

        AssertNoAllocation(() =>
        {
            var parser = new SmtpReplyParser(SmtpLimits.ReplyLine, SmtpLimits.Reply, SmtpLimits.ReplyLines);
            var buffer = octets;
            return parser.TryRead(ref buffer, out var reply) == ReplyStatus.Complete && reply.Code == 250;
        });
    }

    [Theory]
    [MemberData(nameof(Segmented))]
    public void Scan_SteadyState_AllocatesNothing(bool segmented)
    {
        var octets = Sequence(Text, segmented);

        AssertNoAllocation(() => new MessageEndScanner(BareNewlinePolicy.RejectAmbiguousEnd).Scan(octets).Status == BodyScanStatus.End);
    }

    private static ReadOnlySequence<byte> Sequence(byte[] octets, bool segmented) =>
        segmented ? SegmentedSequence.SplitAt(octets, octets.Length / 2) : new ReadOnlySequence<byte>(octets);

    private static void AssertNoAllocation(Func<bool> run)
    {
        for (var i = 0; i < Iterations; i++)
        {
            Assert.True(run());
        }

        var isGood = true;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Iterations; i++)
        {
            isGood &= run();
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(isGood);
        Assert.Equal(0, allocated);
    }
}
