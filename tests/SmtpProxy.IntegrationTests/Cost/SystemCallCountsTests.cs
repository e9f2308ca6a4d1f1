using Xunit;

namespace SmtpProxy.IntegrationTests.Cost;

public sealed class SystemCallCountsTests
{
    private const string Table = """
        % time     seconds  usecs/call     calls    errors syscall
        ------ ----------- ----------- --------- --------- ----------------
         86.37    7.194893        3162      2275       333 futex
          5.35    0.445560          26     16537           sendto
          0.00    0.000000           0         1           sysinfo
        ------ ----------- ----------- --------- --------- ----------------
        100.00    8.330128         192     18813       333 total
        """;

    [Fact]
    public void Parse_TableOfStrace_CountsEachCallOnce()
    {
        var counts = SystemCallCounts.Parse(Table, messages: 1000);

        Assert.Equal(18.813, counts.PerMessage, precision: 6);
        Assert.Equal(["16.537 sendto", "2.275 futex", "0.001 sysinfo", "18.813 together"], Rows(counts));
    }

    [Fact]
    public void OwnPerMessage_ManyWaits_CountsOne()
    {
        const string Waits = " 50.00    0.1    10    3000    epoll_wait\n 50.00    0.1    10    16000    sendto\n";

        Assert.Equal(17, SystemCallCounts.Parse(Waits, messages: 1000).OwnPerMessage, precision: 6);
        Assert.Equal(4.75, SystemCallCounts.Parse(Waits, messages: 4000).OwnPerMessage, precision: 6);
    }

    [Fact]
    public void Parse_NoTable_IsNothing() => Assert.Equal(0, SystemCallCounts.Parse("strace: Process 1 detached\n", messages: 10).PerMessage);

    private static IEnumerable<string> Rows(SystemCallCounts counts) =>
        counts.ToString().Split('\n').Select(static row => string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
