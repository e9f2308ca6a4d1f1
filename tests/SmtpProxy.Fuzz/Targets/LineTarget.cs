using System.Buffers;
using System.Text;
using SmtpProxy.Protocol;

namespace SmtpProxy.Fuzz.Targets;

/// <summary>Lines come out as a plain search for CRLF finds them, however they arrive, and never more than one line is held.</summary>
internal sealed class LineTarget : IFuzzTarget
{
    private static readonly int[] Limits = [16, 512, SmtpLimits.CommandLine];

    public string Name => "line";

    public ValueTask<int> RunAsync(byte[] input, int seed)
    {
        var limit = Limits[(uint)seed % Limits.Length];
        var reader = new SmtpLineReader(limit);
        var found = new List<string?>();
        var pieces = new Pieces(seed);
        pieces.Feed(input, (ref ReadOnlySequence<byte> buffer) =>
        {
            var status = reader.TryRead(ref buffer, out var line);
            if (status != LineStatus.NeedMore)
            {
                found.Add(status == LineStatus.Line ? Encoding.Latin1.GetString(line) : null);
            }

            return status != LineStatus.NeedMore;
        });

        var lines = Encoding.Latin1.GetString(input).Split("\r\n")[..^1].Select(line => line.Length + 2 > limit ? null : line);
        Require.That(lines.SequenceEqual(found), "the lines are those between CRLFs, the overlong ones reported once");
        Require.That(pieces.MostHeld < limit, $"at most {limit} octets are held, not {pieces.MostHeld}");
        return ValueTask.FromResult(InputHash.Of(found.Take(4).Select(static line => line is null ? -1 : Math.Min(line.Length, 4))));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
