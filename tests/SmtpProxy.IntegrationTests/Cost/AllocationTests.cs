using System.Globalization;
using SmtpProxy.TestKit.Measuring;
using Xunit;

namespace SmtpProxy.IntegrationTests.Cost;

/// <summary>What the proxy leaves to the garbage collector, with all its defaults: log, metrics, affinity. A failure lists the types;
/// <c>SMTPPROXY_SHOW_ALLOCATIONS=1</c> has them listed without one.</summary>
[Collection(CostCollection.Name)]
public sealed class AllocationTests
{
    private const int Runs = 200;
    private const int LongRuns = 30;
    private const int SampledRuns = 5_000;
    private const int Many = 50;

    // The bounds are in octets, about 1.3 times what was measured. What waits for a reply keeps its state by thread: on loops it finds it again, on
    // the thread pool not always.
    private static bool ShowsTypes { get; } = Environment.GetEnvironmentVariable("SMTPPROXY_SHOW_ALLOCATIONS") == "1";

    [Theory]
    [InlineData("Epoll", 2_100)]
    [InlineData("Sockets", 4_000)]
    public async Task Transaction_SteadyState_AllocatesWithinBounds(string transport, int bound)
    {
        await using var bed = await LeanBed.StartAsync(transport);
        using var client = bed.Connect();

        AssertAllocation(bed, "a transaction of a kept session", () => client.SendMail(recipients: 1), bound);
    }

    [Theory]
    [InlineData("Epoll", 7_000)]
    [InlineData("Sockets", 14_000)]
    public async Task Session_OfOneTransaction_AllocatesWithinBounds(string transport, int bound)
    {
        await using var bed = await LeanBed.StartAsync(transport);

        AssertAllocation(bed, "a session of one transaction", () => SendAlone(bed), bound);
    }

    [Theory]
    [InlineData("Epoll", 60)]
    [InlineData("Sockets", 900)]
    public async Task Recipient_OneMoreInLockStep_AllocatesWithinBounds(string transport, int bound)
    {
        await using var bed = await LeanBed.StartAsync(transport);
        using var client = bed.Connect();

        AssertGrowth(bed, "RCPT", () => client.SendMail(recipients: 1), () => client.SendMail(recipients: 1 + Many), bound);
    }

    [Theory]
    [InlineData("Epoll", 20)]
    [InlineData("Sockets", 60)]
    public async Task LocalCommand_OneMoreInLockStep_AllocatesWithinBounds(string transport, int bound)
    {
        await using var bed = await LeanBed.StartAsync(transport);
        using var client = bed.Connect();

        AssertGrowth(bed, "NOOP", () => client.SendMail(recipients: 1), () => client.SendMail(recipients: 1, others: Many), bound);
    }

    private static void SendAlone(LeanBed bed)
    {
        using var client = bed.Connect();
        client.SendMail(recipients: 1);
    }

    private static void AssertAllocation(LeanBed bed, string what, Action action, int bound)
    {
        var octets = AllocationMeter.Measure(bed, action, Runs);
        AssertBound(what, octets, bound, () => AllocationMeter.Sample(action, SampledRuns, octets));
    }

    private static void AssertGrowth(LeanBed bed, string command, Action few, Action many, int bound)
    {
        var ofFew = AllocationMeter.Measure(bed, few, Runs);
        var ofMany = AllocationMeter.Measure(bed, many, LongRuns);
        AssertBound($"one {command} more", (ofMany - ofFew) / Many, bound, () => AllocationMeter.Sample(many, SampledRuns / 10, ofMany / Many));
    }

    private static void AssertBound(string what, double octets, int bound, Func<string> sample)
    {
        var isTooMuch = octets > bound;
        var report = string.Create(CultureInfo.InvariantCulture, $"{octets:0.0} octets for {what}, where {bound} are allowed.");

        // Looking at the types allocates, too: only when somebody is to read it.
        report += isTooMuch || ShowsTypes ? $"\nBy type:\n{sample()}" : "";
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        Assert.False(isTooMuch, report);
    }
}
