using SmtpProxy.LoadTests.Scenarios;
using Xunit;

namespace SmtpProxy.LoadTests.Tests.Scenarios;

public sealed class TargetGuardTests
{
    [Theory]
    [InlineData("127.0.0.1:2525", "127.0.0.1:2525")]
    [InlineData("127.1.2.3:25", "127.1.2.3:25")]
    [InlineData("[::1]:25", "[::1]:25")]
    [InlineData("[::ffff:127.0.0.1]:25", "127.0.0.1:25")]
    [InlineData("localhost:25", "127.0.0.1:25")]
    public async Task ResolveAsync_Loopback_IsLetThrough(string target, string expected)
    {
        var found = await TargetGuard.ResolveAsync(target, owned: null, TestContext.Current.CancellationToken);

        Assert.Equal(expected, found.ToString());
    }

    [Theory]
    [InlineData("192.0.2.1:25", null)]
    [InlineData("192.0.2.1:25", "192.0.2.2")]
    [InlineData("192.0.2.1:25", "localhost")]
    [InlineData("[2001:db8::1]:25", null)]
    [InlineData("0.0.0.0:25", null)]
    public async Task ResolveAsync_OthersNotNamedTwice_AreRefused(string target, string? owned)
    {
        var refusal = await Assert.ThrowsAsync<UsageException>(
            () => TargetGuard.ResolveAsync(target, owned, TestContext.Current.CancellationToken));

        Assert.Contains(TargetGuard.Flag, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResolveAsync_NamedTwice_IsLetThrough()
    {
        var found = await TargetGuard.ResolveAsync("192.0.2.1:25", "192.0.2.1", TestContext.Current.CancellationToken);

        Assert.Equal("192.0.2.1:25", found.ToString());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:99999")]
    [InlineData(":25")]
    public async Task ResolveAsync_NoTarget_IsRefused(string target) =>
        await Assert.ThrowsAsync<UsageException>(() => TargetGuard.ResolveAsync(target, owned: null, TestContext.Current.CancellationToken));
}
