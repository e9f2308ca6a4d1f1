using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SmtpProxy.Protocol;
using SmtpProxy.Relay;
using Xunit;

namespace SmtpProxy.Tests.Relay;

/// <summary>What holds for any dialogue and any way in which it arrives.</summary>
public class SpliceDialoguePropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(1000);

    [Fact]
    public void Take_AnyDialogueAndAnySplit_TellsTheSame() => Prop.ForAll(
        SplicePhase.Dialogue,
        Gen.Choose(1, 30).NonEmptyListOf().ToArbitrary(),
        static (phases, sizes) => Assert.Equal(Play(phases, [int.MaxValue]), Play(phases, [.. sizes]))).Check(Many);

    [Fact]
    public void Take_AnyOctetsAndAnySplit_ForwardsNoMoreThanCame() => Prop.ForAll(
        Gen.Choose(0, 255).ArrayOf().ToArbitrary(),
        Gen.Choose(1, 30).NonEmptyListOf().ToArbitrary(),
        static (octets, sizes) =>
        {
            var text = string.Concat(octets.Select(static octet => (char)octet));

            Assert.Equal(Play([new SplicePhase(text, 250, 250)], [int.MaxValue]), Play([new SplicePhase(text, 250, 250)], [.. sizes]));
        }).Check(Many);

    /// <summary>All that was told, and the state in the end.</summary>
    private static List<string> Play(SplicePhase[] phases, int[] sizes)
    {
        var recorder = new Recorder();
        var dialogue = new SpliceDialogue(recorder, BareNewlinePolicy.RejectAmbiguousEnd, maxDue: 1_024);
        var piece = 0;
        var forwarded = 0L;
        foreach (var phase in phases)
        {
            var octets = Encoding.Latin1.GetBytes(phase.Sent);
            var consumed = 0;
            for (var end = 0; end < octets.Length;)
            {
                end = (int)Math.Min(octets.Length, (long)end + sizes[piece++ % sizes.Length]);
                var read = dialogue.Take(new ReadOnlySequence<byte>(octets, consumed, end - consumed));
                Assert.InRange(read.Consumed, 0, end - consumed);
                Assert.InRange(read.Forward, 0, read.Consumed);
                consumed += (int)read.Consumed;
                forwarded += read.Forward;
            }

            foreach (var code in phase.Codes)
            {
                dialogue.OnReply(new SmtpReply(code, default, new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes($"{code} x\r\n"))));
            }
        }

        return [.. recorder.Seen, $"{dialogue.IsBlind} {dialogue.IsInText} {dialogue.IsInTransaction} {dialogue.HasQuit} {dialogue.Due} {forwarded}"];
    }

    private sealed class Recorder : ISpliceObserver
    {
        private long _text;

        /// <summary>What was told. How often a text was told of depends on the pieces; of how many octets, does not.</summary>
        public List<string> Seen { get; } = [];

        public void OnMail(ReadOnlySpan<byte> argument) => Seen.Add($"mail {Encoding.Latin1.GetString(argument)}");

        public void OnText(long octets)
        {
            if (octets > 0)
            {
                if (_text > 0)
                {
                    Seen.RemoveAt(Seen.Count - 1);
                }

                _text += octets;
                Seen.Add($"text {_text}");
            }
        }

        public void OnTooManyCommands() => Seen.Add("too many");

        public void OnReply(SpliceCommand command, in SmtpReply reply)
        {
            _text = 0;
            Seen.Add($"{command} {reply.Code}");
        }
    }
}
