using Xunit;

namespace SmtpProxy.IntegrationTests.Cost;

public sealed class SystemCallCountsTests
{
    private static readonly string[] Lines =
    [
        "11    epoll_wait(0x18, 0x7f00, 0x100, 0xffffffff <unfinished ...>",
        "12    sendto(0x1f, 0x7f00, 0x20, 0x4000, 0, 0) = 0x20",
        "11    <... epoll_wait resumed>)           = 0x1",
        "11    epoll_wait(0x18, 0x7f00, 0x100, 0xffffffff) = 0x1",
        "11    recvfrom(0x1f, 0x7f00, 0x4000, 0, 0, 0) = 0x20",
        "13    futex(0x7f00, 0x80, 0, 0, 0, 0) = 0",
        "13    --- SIGCHLD {si_signo=SIGCHLD} ---",
        "14    +++ exited with 0 +++",
    ];

    private static readonly Dictionary<string, string> Threads = new() { ["11"] = "epoll 1", ["12"] = "epoll 2" };

    [Fact]
    public void Parse_LinesOfStrace_CountsEachCallOnce()
    {
        var counts = SystemCallCounts.Parse(Lines, Threads, messages: 2);

        Assert.Equal(2.5, counts.All, precision: 6);
        Assert.Equal(
            ["1.000 epoll 1 epoll_wait", "0.500 epoll 2 sendto", "0.500 epoll 1 recvfrom", "0.500 ended futex", "2.500 together"],
            counts.ToString().Split('\n').Select(static row => string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Theory]
    [InlineData(1, 4, 3)]
    [InlineData(2, 2.5, 2)]
    [InlineData(4, 1.25, 1)]
    public void Own_Waits_CountAsOneAtMost(int messages, double own, double ofLoops)
    {
        var counts = SystemCallCounts.Parse(Lines, Threads, messages);

        Assert.Equal(own, counts.Own, precision: 6);
        Assert.Equal(ofLoops, counts.OfLoops, precision: 6);
    }

    [Fact]
    public void Parse_NoCalls_IsNothing() => Assert.Equal(0, SystemCallCounts.Parse(["strace: Process 1 detached"], Threads, messages: 10).All);
}
