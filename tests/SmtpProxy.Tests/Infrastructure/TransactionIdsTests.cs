using SmtpProxy.Infrastructure;
using Xunit;

namespace SmtpProxy.Tests.Infrastructure;

public sealed class TransactionIdsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void Next_Moment_StandsInFront()
    {
        var octets = TransactionIds.Next(Now).ToByteArray(bigEndian: true);
        var milliseconds = octets[..6].Aggregate(0L, static (value, octet) => (value << 8) | octet);
        Assert.Equal(Now.ToUnixTimeMilliseconds(), milliseconds);
    }

    [Fact]
    public void Next_Kind_IsVersion7OfTheStandardVariant()
    {
        var id = TransactionIds.Next(Now);
        Assert.Equal(7, id.Version);
        Assert.InRange(id.Variant, 8, 11);
    }

    [Fact]
    public void Next_SameMoment_IsAnotherOne() =>
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(static _ => TransactionIds.Next(Now)).Distinct().Count());
}
