using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SmtpProxy.IntegrationTests.Cost;

/// <summary>How often the threads of a process made each system call while a number of messages went through it.</summary>
internal sealed partial class SystemCallCounts
{
    private const string Wait = "epoll_wait";

    // What the transport names its threads.
    private const string Loop = "epoll ";

    private readonly (string Thread, string Call, double Count)[] _perMessage;

    private SystemCallCounts(IEnumerable<(string Thread, string Call, double Count)> perMessage) =>
        _perMessage = [.. perMessage.OrderByDescending(static row => row.Count)];

    /// <summary>System calls of all kinds for each message.</summary>
    public double All => _perMessage.Sum(static row => row.Count);

    /// <summary>The same with one wait for events at most. How many events a wait brings is up to how fast the clients and servers are: on a machine
    /// where they have to share the processors it is fewer, which is not the proxy's doing.</summary>
    public double Own => OfOwn(_perMessage);

    /// <summary>Of these, the calls of the loops, on which mail goes through. What other threads do goes by the clock, as writing the log every
    /// 50 ms: the slower a message, the more of it falls upon it.</summary>
    public double OfLoops => OfOwn(_perMessage.Where(static row => row.Thread.StartsWith(Loop, StringComparison.Ordinal)));

    /// <summary>Counts what <c>strace -f</c> writes: a line for each call, with the id of its thread in front.</summary>
    /// <param name="lines">Those lines. What is told of a call that went on, of signals and of ends is passed over.</param>
    /// <param name="threads">Names of threads by their ids.</param>
    /// <param name="messages">How many messages there were.</param>
    public static SystemCallCounts Parse(IEnumerable<string> lines, IReadOnlyDictionary<string, string> threads, int messages)
    {
        var rows =
            from line in lines
            let call = Call().Match(line)
            where call.Success
            group call by (threads.GetValueOrDefault(call.Groups["thread"].Value, "ended"), call.Groups["call"].Value) into calls
            select (calls.Key.Item1, calls.Key.Item2, (double)calls.Count() / messages);
        return new SystemCallCounts(rows);
    }

    /// <summary>The table, for each message.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (thread, call, count) in _perMessage)
        {
            text.Append(CultureInfo.InvariantCulture, $"{count,9:0.000}  {thread,-16} {call}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"{All,9:0.000}  together").ToString();
    }

    private static double OfOwn(IEnumerable<(string Thread, string Call, double Count)> rows)
    {
        var (all, waits) = (0.0, 0.0);
        foreach (var (_, call, count) in rows)
        {
            all += count;
            waits += call == Wait ? count : 0;
        }

        return all - Math.Max(0, waits - 1);
    }

    [GeneratedRegex(@"^(?<thread>\d+) +(?<call>\w+)\(")]
    private static partial Regex Call();
}
