using System.Buffers;
using System.Globalization;
using System.Text;
using SmtpProxy.Protocol;

namespace SmtpProxy.Fuzz.Targets;

/// <summary>Replies are the same however they arrive, and what goes on to the client is exactly one well-formed reply each.</summary>
internal sealed class ReplyTarget : IFuzzTarget
{
    private const int LongestLine = 128;
    private const int LongestReply = 1024;
    private const int MostLines = 16;

    public string Name => "reply";

    public ValueTask<int> RunAsync(byte[] input, int seed)
    {
        var whole = Read(input, static octets => [new ReadOnlySequence<byte>(octets)]);
        var pieces = new Pieces(seed);
        var inPieces = Read(input, pieces);
        Require.That(pieces.MostHeld <= LongestReply + LongestLine || inPieces.Last is ReplyStatus.Malformed or ReplyStatus.TooLong, "held octets are bounded");
        Require.That(inPieces.Replies.SequenceEqual(whole.Replies), "replies are the same however they arrive");
        return ValueTask.FromResult(InputHash.Of(whole.Replies.Take(3).Select(static reply => int.Parse(reply.AsSpan(0, 3), CultureInfo.InvariantCulture)).Append((int)whole.Last)));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Outcome Read(byte[] input, Func<byte[], IEnumerable<ReadOnlySequence<byte>>> arrive)
    {
        var taker = new Outcome();
        foreach (var arrived in arrive(input))
        {
            var buffer = arrived;
            while (taker.Take(ref buffer))
            {
            }
        }

        return taker;
    }

    private static Outcome Read(byte[] input, Pieces pieces)
    {
        var taker = new Outcome();
        pieces.Feed(input, taker.Take);
        return taker;
    }

    private sealed class Outcome
    {
        private SmtpReplyParser _parser = new(LongestLine, LongestReply, MostLines);

        public List<string> Replies { get; } = [];

        public ReplyStatus Last { get; private set; }

        /// <summary>A server that breaks the protocol is not read any further.</summary>
        public bool Take(ref ReadOnlySequence<byte> buffer)
        {
            if (Last is ReplyStatus.Malformed or ReplyStatus.TooLong)
            {
                return false;
            }

            var before = buffer.Length;
            Last = _parser.TryRead(ref buffer, out var reply);
            Require.That(Last == ReplyStatus.Complete || buffer.Length == before, "an incomplete reply is left as it is");
            if (Last == ReplyStatus.Complete)
            {
                Replies.Add(Passed(reply));
            }

            return Last == ReplyStatus.Complete;
        }

        private static string Passed(in SmtpReply reply)
        {
            _ = SmtpCapabilities.TryParseReply(reply, out _);
            var written = new ArrayBufferWriter<byte>();
            if (reply.Code == 421)
            {
                ReplyWriter.WriteWithout421(written, reply);
            }
            else
            {
                ReplyWriter.Write(written, reply);
            }

            var code = reply.Code == 421 ? 451 : reply.Code;
            CheckWritten(written.WrittenMemory, code);
            return string.Create(CultureInfo.InvariantCulture, $"{reply.Code} {reply.Enhanced} {Encoding.Latin1.GetString(written.WrittenSpan)}");
        }

        private static void CheckWritten(ReadOnlyMemory<byte> written, int code)
        {
            var text = Encoding.Latin1.GetString(written.Span);
            Require.That(text.EndsWith("\r\n", StringComparison.Ordinal), "a reply ends in CRLF");
            var lines = text[..^2].Split("\r\n");
            Require.That(lines.All(static line => !line.Contains('\n', StringComparison.Ordinal)), "no line of a reply ends in a bare LF");
            var prefix = code.ToString(CultureInfo.InvariantCulture);
            Require.That(lines.All(line => line.StartsWith(prefix, StringComparison.Ordinal)), "every line begins with the code");
            Require.That(lines[..^1].All(static line => line.Length > 3 && line[3] == '-'), "every line but the last says that more follows");
            Require.That(lines[^1].Length == 3 || lines[^1][3] != '-', "the last line says that it is the last");
        }
    }
}
