using System.Buffers;
using System.Text;
using SmtpProxy.Protocol;
using SmtpProxy.Relay;
using Xunit;

namespace SmtpProxy.Tests.Relay;

public class SpliceDialogueTests
{
    private const int MaxDue = 8;

    private readonly List<string> _seen = [];

    [Fact]
    public void Take_TwoMessagesSplitAnywhere_PairsEveryReplyWithItsCommand()
    {
        const string Session =
            "RCPT TO:<r@example.org>\r\nDATA\r\n|hi\r\n..\r\n.\r\nMAIL FROM:<b@example.com>\r\nRCPT TO:<r@example.org>\r\nBDAT 5 LAST\r\nQUIT\nQUIT\r\n";
        string[] expected =
        [
            "Rcpt 250", "Data 354", "Text 250", "mail FROM:<b@example.com>", "Mail 250", "Rcpt 250", "Text 250", "Quit 221",
        ];
        for (var split = 0; split < Session.Length; split++)
        {
            _seen.Clear();
            var dialogue = NewDialogue();
            var before = Session.IndexOf('|', StringComparison.Ordinal);
            Send(dialogue, Session[..before], split);
            Answer(dialogue, 250, 354);
            Send(dialogue, Session[(before + 1)..], split - before - 1);
            Answer(dialogue, 250, 250, 250, 250, 221);
            Assert.Equal(expected.Order(), _seen.Order());
            Assert.True(dialogue is { HasQuit: true, IsBlind: false, IsInTransaction: false, Due: SpliceCommand.None });
        }
    }

    [Fact]
    public void Take_AnswerWithinAuth_IsNoCommand()
    {
        var dialogue = NewDialogue();
        Send(dialogue, "AUTH LOGIN\r\n");
        Answer(dialogue, 334);
        Send(dialogue, "DATA\r\n");
        Answer(dialogue, 235);
        Send(dialogue, "NOOP\r\n");
        Answer(dialogue, 250);
        Assert.Equal(["Auth 334", "Auth 235", "Other 250"], _seen);
        Assert.False(dialogue.IsBlind);
    }

    [Theory]
    [InlineData("STARTTLS\r\n", 220)]
    [InlineData("XEXCH50 2 2\r\n", 354)]
    public void OnReply_ThatOpensSomethingUnknown_GoesBlindAndLetsAllPass(string command, int code)
    {
        var dialogue = NewDialogue();
        Send(dialogue, command);
        Answer(dialogue, code);
        Assert.True(dialogue.IsBlind);
        Assert.Equal(new SpliceRead(3, 3), dialogue.Take(Sequence("\u0016\u0003.")));
    }

    [Fact]
    public void Take_SizeThatNobodyCanRead_GoesBlindAndPasses()
    {
        var dialogue = NewDialogue();
        Assert.Equal(8, dialogue.Take(Sequence("BDAT x\r\n")).Forward);
        Assert.True(dialogue.IsBlind);
    }

    [Fact]
    public void Take_TextBeforeTheGoAhead_WaitsForItAndIsScanned()
    {
        var dialogue = NewDialogue();
        Assert.Equal(new SpliceRead(6, 6), dialogue.Take(Sequence("DATA\r\nx\n.\n")));
        Assert.True(dialogue.IsHolding);
        Answer(dialogue, 354);
        dialogue.Take(Sequence("x\n.\n"));
        Assert.True(dialogue is { IsHolding: false, IsRejected: true });
    }

    [Theory]
    [InlineData("DATA", 354, false)]
    [InlineData("DATA", 503, true)]
    [InlineData("AUTH PLAIN", 334, false)]
    public void OnReply_ToACommandBeforeTheOneThatIsWaitedFor_DoesNotEndTheWait(string last, int code, bool isRefused)
    {
        const string Rest = "MAIL FROM:<x@example.com>\r\n";
        var dialogue = NewDialogue();
        Send(dialogue, $"MAIL FROM:<a@example.com>\r\nRCPT TO:<r@example.org>\r\n{last}\r\n");
        foreach (var earlier in (int[])[250, 250])
        {
            Answer(dialogue, earlier);
            Assert.Equal(new SpliceRead(0, 0), dialogue.Take(Sequence(Rest)));
            Assert.True(dialogue.IsHolding);
        }

        Answer(dialogue, code);
        Assert.Equal((false, isRefused), (dialogue.IsHolding, dialogue.HasRefusedText));
    }

    [Fact]
    public void Take_TextThatTheServerRefused_IsNeverRunAsCommands()
    {
        var dialogue = NewDialogue();
        dialogue.Take(Sequence("DATA\r\nMAIL FROM:<x@example.com>\r\n"));
        Answer(dialogue, 503);
        Assert.True(dialogue.HasRefusedText);
    }

    [Fact]
    public void Take_EndlessLine_GoesBlindInsteadOfKeepingIt()
    {
        var dialogue = NewDialogue();
        var line = new string('x', SmtpLimits.AuthLine + 1);
        Assert.Equal(new SpliceRead(line.Length, line.Length), dialogue.Take(Sequence(line)));
        Assert.True(dialogue.IsBlind);
    }

    [Theory]
    [InlineData(MaxDue, false)]
    [InlineData(MaxDue + 1, true)]
    public void Take_MoreCommandsThanMayWait_GoesBlindAndSaysSoOnce(int commands, bool isBlind)
    {
        var dialogue = NewDialogue();
        Send(dialogue, string.Concat(Enumerable.Repeat("NOOP\r\n", commands)));
        Send(dialogue, isBlind ? "NOOP\r\n" : "");
        Assert.Equal(isBlind, dialogue.IsBlind);
        Assert.Equal(isBlind ? ["too many"] : [], _seen);
    }

    [Fact]
    public void Take_SmuggledEnd_ForwardsNothingOfItAndReadsToTheTrueEnd()
    {
        var dialogue = NewDialogue();
        Send(dialogue, "DATA\r\n");
        Answer(dialogue, 354);
        var read = dialogue.Take(Sequence("text\n.\nMAIL FROM:<x@example.com>\r\n"));
        Assert.True(dialogue is { IsRejected: true, IsDiscarded: false });
        Assert.True(read.Forward <= 4, $"{read}");
        dialogue.Take(Sequence("more\r\n.\r\n"));
        Assert.True(dialogue.IsDiscarded);
    }

    [Fact]
    public void OnReply_NobodyAskedFor_IsToldAsSuch()
    {
        var dialogue = NewDialogue();
        Answer(dialogue, 421);
        Assert.Equal(["None 421"], _seen);
    }

    private static ReadOnlySequence<byte> Sequence(string text) => new(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends in two pieces, and shows again what was not consumed, as a pipe does.</summary>
    private static void Send(SpliceDialogue dialogue, string text, int split = 0)
    {
        var at = Math.Clamp(split, 0, text.Length);
        var read = dialogue.Take(Sequence(text[..at]));
        var rest = text[(int)read.Consumed..];
        Assert.Equal(rest.Length, dialogue.Take(Sequence(rest)).Consumed);
    }

    private static void Answer(SpliceDialogue dialogue, params ReadOnlySpan<int> codes)
    {
        foreach (var code in codes)
        {
            dialogue.OnReply(new SmtpReply(code, default, Sequence($"{code} x\r\n")));
        }
    }

    private SpliceDialogue NewDialogue() => new(new Recorder(_seen), BareNewlinePolicy.RejectAmbiguousEnd, MaxDue);

    private sealed class Recorder(List<string> seen) : ISpliceObserver
    {
        public void OnMail(ReadOnlySpan<byte> argument) => seen.Add($"mail {Encoding.Latin1.GetString(argument)}");

        public void OnText(long octets)
        {
        }

        public void OnTooManyCommands() => seen.Add("too many");

        public void OnReply(SpliceCommand command, in SmtpReply reply) => seen.Add($"{command} {reply.Code}");
    }
}
