using SmtpProxy.FunctionalTests.Sessions;
using SmtpProxy.TestKit;
using Xunit;

namespace SmtpProxy.FunctionalTests.Tls;

public sealed class AuthTlsTests : IDisposable
{
    private const string Login = "AUTH PLAIN " + AuthServers.Plain;

    private readonly TestAuthority _authority = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("", "538 5.7.11")]
    [InlineData("\"RequireTls\": true", "530 5.7.0")]
    public async Task Auth_BeforeStartTls_IsRefusedAndOfferedOnlyBehindIt(string more, string expected)
    {
        await using var server = AuthServers.Start("b1");
        await using var proxy = await ProxyHarness.StartAsync(
            [server], $$"""{ "Auth": { "Mode": "Relay" }, "Capabilities": ["AUTH PLAIN"], "Tls": {{_authority.Listener("StartTls", more)}} }""");
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.ReplyAsync();

        Assert.DoesNotContain("AUTH", await client.CommandAsync("EHLO client.example.com"), StringComparison.Ordinal);
        Assert.StartsWith(expected, await client.CommandAsync(Login), StringComparison.Ordinal);
        await client.CommandAsync("STARTTLS");
        await client.ShakeHandsAsync(_authority);
        Assert.StartsWith("503 5.5.1", await client.CommandAsync(Login), StringComparison.Ordinal);
        Assert.Contains("250-AUTH PLAIN\r\n", await client.CommandAsync("EHLO client.example.com"), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.CommandAsync(Login), StringComparison.Ordinal);
        await client.SendMailAsync("a@example.com", "Subject: x\r\n\r\nx\r\n");
        Assert.Equal("u1", Assert.Single(server.Messages).User);
    }

    [Fact]
    public async Task StartTls_AfterAuth_ForgetsTheLogin()
    {
        await using var server = AuthServers.Start("b1");
        await using var proxy = await ProxyHarness.StartAsync(
            [server],
            $$"""{ "Auth": { "Mode": "Relay", "AllowWithoutTls": true }, "Capabilities": ["AUTH PLAIN"], "Tls": {{_authority.Listener("StartTls")}} }""");
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.ReplyAsync();
        await client.CommandAsync("EHLO client.example.com");
        Assert.StartsWith("235", await client.CommandAsync(Login), StringComparison.Ordinal);
        await client.CommandAsync("STARTTLS");
        await client.ShakeHandsAsync(_authority);
        await client.CommandAsync("EHLO client.example.com");

        Assert.StartsWith("530 5.7.0", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.CommandAsync(Login), StringComparison.Ordinal);
    }
}
