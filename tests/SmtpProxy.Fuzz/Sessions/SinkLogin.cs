using SmtpProxy.Protocol;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.Fuzz.Sessions;

/// <summary>Logins at a strict server. Responses that say <c>no</c>, <c>later</c> and <c>bye</c> are refused in their ways.</summary>
internal sealed class SinkLogin(SinkServer server)
{
    private const string Next = "334 bmV4dA==\r\n";

    private int _left;
    private string _verdict = "";
    private bool _isDone;

    /// <summary>True when the next line is an answer.</summary>
    public bool IsAsking => _left > 0;

    public string Begin(string line)
    {
        var words = line.Split(' ');
        if (_isDone || words.Length is < 2 or > 3)
        {
            server.Complain($"AUTH out of order or form: {line}");
        }

        _left = words.ElementAtOrDefault(1)?.ToUpperInvariant() switch
        {
            "PLAIN" => 1,
            "LOGIN" => 2,
            "X-TALK" => 3,
            _ => 0,
        };
        _verdict = "235 2.7.0 welcome\r\n";
        return _left == 0 ? "504 5.5.4 unknown mechanism\r\n" : words is [_, _, var response] ? Answer(response == "=" ? "" : response) : Next;
    }

    public string Answer(string line)
    {
        if (line == "*")
        {
            _left = 0;
            return "501 5.7.0 cancelled\r\n";
        }

        if (!SaslText.IsBase64(Octets.OfText(line)))
        {
            server.Complain($"An answer that the proxy must not send: {Octets.Shown(Octets.OfText(line))}");
        }

        _verdict = Verdict(line) ?? _verdict;
        _left = _verdict.StartsWith("421", StringComparison.Ordinal) ? 0 : _left - 1;
        _isDone |= _left == 0 && _verdict[0] == '2';
        return _left == 0 ? _verdict : Next;
    }

    private static string? Verdict(string response) => response switch
    {
        _ when response.StartsWith("bm8", StringComparison.Ordinal) => "535 5.7.8 no\r\n",
        _ when response.StartsWith("bGF0ZXI", StringComparison.Ordinal) => "454 4.7.0 later\r\n",
        _ when response.StartsWith("Ynll", StringComparison.Ordinal) => "421 4.3.2 down\r\n",
        _ => null,
    };
}
