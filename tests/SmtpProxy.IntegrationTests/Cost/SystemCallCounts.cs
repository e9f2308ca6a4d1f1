using System.Globalization;
using System.Text;

namespace SmtpProxy.IntegrationTests.Cost;

/// <summary>How often a process made each system call while a number of messages went through it.</summary>
internal sealed class SystemCallCounts
{
    private const string Wait = "epoll_wait";

    private readonly (string Call, double Count)[] _perMessage;

    private SystemCallCounts(IEnumerable<(string Call, double Count)> perMessage) =>
        _perMessage = [.. perMessage.OrderByDescending(static row => row.Count)];

    /// <summary>System calls of all kinds for each message.</summary>
    public double PerMessage => _perMessage.Sum(static row => row.Count);

    /// <summary>The same with one wait for events at most. How many events a wait brings is up to how fast the clients and servers are: on a machine
    /// where they have to share the processors it is fewer, which is not the proxy's doing.</summary>
    public double OwnPerMessage => PerMessage - Math.Max(0, _perMessage.Where(static row => row.Call == Wait).Sum(static row => row.Count) - 1);

    /// <summary>Reads the table that <c>strace -c</c> writes: share, seconds, microseconds a call, calls, errors or nothing, name.</summary>
    public static SystemCallCounts Parse(string table, int messages)
    {
        var rows =
            from line in table.Split('\n')
            let columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            where columns.Length is 5 or 6 && char.IsAsciiDigit(columns[0][0]) && columns[^1] != "total"
            select (columns[^1], (double)int.Parse(columns[3], CultureInfo.InvariantCulture) / messages);
        return new SystemCallCounts(rows);
    }

    /// <summary>The table, for each message.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (call, count) in _perMessage)
        {
            text.Append(CultureInfo.InvariantCulture, $"{count,9:0.000}  {call}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"{PerMessage,9:0.000}  together").ToString();
    }
}
