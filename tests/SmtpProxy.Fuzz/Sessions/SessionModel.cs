using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.Fuzz.Sessions;

/// <summary>Pairs the replies with what the client sent, by the plainest reading of the protocol.</summary>
internal sealed partial class SessionModel(string input, IReadOnlyList<ClientReply> replies, bool isWhole)
{
    private int _at;
    private bool _isClosed;
    private bool _isAsked;

    /// <summary>Texts whose end was answered positively.</summary>
    public List<string> Texts { get; } = [];

    public void Check()
    {
        Require.That(!isWhole || replies is [{ Code: 220 }, ..], "the client is greeted");
        for (var next = 1; next < replies.Count; next++)
        {
            Require.That(!_isClosed, $"nothing follows the last reply, but {replies[next].Text}");
            Take(replies[next], ref next);
        }

        if (isWhole && !_isClosed)
        {
            Require.That(!IsAnswerDue(), $"every command gets its reply, also before a close: {Octets.Shown(Octets.OfText(input[_at..]))}");
        }
    }

    private void Take(ClientReply reply, ref int next)
    {
        if (reply.Code == 421 || reply.Text.StartsWith("554 5.5.0", StringComparison.Ordinal))
        {
            _isClosed = true;
            return;
        }

        var line = NextLine();
        Require.That(line is not null, $"a reply answers a command, but {reply.Text}");
        // The answer to a challenge is no command, whatever it looks like.
        var verb = _isAsked ? "" : line.Split(' ', '\t')[0].ToUpperInvariant();
        Require.That(reply.Code != 334 || _isAsked || verb == "AUTH", $"334 belongs to AUTH, not to {line}");
        _isAsked = reply.Code == 334;
        switch (reply.Code)
        {
            case 354:
                Require.That(verb == "DATA", $"354 answers DATA, not {line}");
                TakeText(ref next);
                break;
            case 221:
                Require.That(verb == "QUIT", $"221 answers QUIT, not {line}");
                _isClosed = true;
                break;
            case 501 when verb == "BDAT":
                _isClosed = true;
                break;
            case not (500 or 501) when verb == "BDAT":
                Require.That(ChunkSize(line) is { } size && size <= input.Length - _at, "BDAT is answered behind its octets");
                _at += (int)ChunkSize(line)!.Value;
                break;
            default:
                break;
        }
    }

    private void TakeText(ref int next)
    {
        var end = EndOfText();
        if (next + 1 == replies.Count)
        {
            Require.That(!isWhole || end < 0, "a whole text gets its reply");
            _isClosed = true;
            return;
        }

        next++;
        if (replies[next].Code == 421)
        {
            _isClosed = true;
            return;
        }

        Require.That(end >= 0, $"no text is answered before its end, but {replies[next].Text}");
        if (replies[next].Code is >= 200 and < 300)
        {
            Texts.Add(input[_at..end]);
        }

        _at = end;
    }

    private bool IsAnswerDue()
    {
        var line = NextLine();
        return line is not null && !(ChunkSize(line) is { } size && size > input.Length - _at);
    }

    private string? NextLine()
    {
        var end = input.IndexOf("\r\n", _at, StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var line = input[_at..end];
        _at = end + 2;
        return line;
    }

    private int EndOfText()
    {
        // The line end of DATA is the first part of an end at the very beginning.
        var end = input.IndexOf("\r\n.\r\n", _at - 2, StringComparison.Ordinal);
        return end < 0 ? -1 : end + 5;
    }

    private static BigInteger? ChunkSize(string line) =>
        Chunk().Match(line) is { Success: true } chunk ? BigInteger.Parse(chunk.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"\Abdat[ \t]+(\d+)(?:[ \t]+last)?[ \t]*\z", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Chunk();
}
