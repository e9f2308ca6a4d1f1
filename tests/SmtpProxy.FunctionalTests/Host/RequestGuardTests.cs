using System.Net;
using SmtpProxy.Configuration;
using SmtpProxy.TestKit;
using Xunit;

namespace SmtpProxy.FunctionalTests.Host;

public sealed class RequestGuardTests
{
    private const string Entry = "/api/v1/clusters/pool/affinity/a%40example.com";
    private const string Body = """{"destination":"mta1"}""";

    [Theory]
    [InlineData("127.0.0.1:8025")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1")]
    [InlineData("[::1]:8025")]
    [InlineData("127.0.0.9")]
    [InlineData("mx.example.com:8025")]
    public async Task Request_OwnHost_IsServed(string host)
    {
        await using var api = await AdminHarness.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Get, "/healthz", null, ("Host", host))).Status);
    }

    [Theory]
    [InlineData("evil.example.net")]
    [InlineData("localhost.evil.example.net")]
    [InlineData("192.0.2.1:8025")]
    [InlineData("127.0.0.1.evil.example.net")]
    public async Task Request_ForeignHost_IsRefused(string host)
    {
        await using var api = await AdminHarness.StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await api.SendAsync(HttpMethod.Get, "/metrics", null, ("Host", host))).Status);
    }

    [Theory]
    [InlineData("https://evil.example.net")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://localhost:1")]
    [InlineData("file://")]
    public async Task Request_ForeignOrigin_IsRefused(string origin)
    {
        await using var api = await AdminHarness.StartAsync();

        var (status, _) = await api.SendAsync(HttpMethod.Put, Entry, Body, ("Origin", origin));

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync(Entry)).Status);
    }

    [Fact]
    public async Task Request_OwnOrigin_IsServed()
    {
        await using var api = await AdminHarness.StartAsync();

        var (status, _) = await api.SendAsync(HttpMethod.Put, Entry, Body, ("Origin", $"http://{api.Address.Authority}"));

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic secret")]
    [InlineData("secret")]
    public async Task Change_WithoutTheToken_IsRefused(string? authorization)
    {
        using var directory = new TempDirectory();
        await using var api = await StartWithTokenAsync(directory.Write("token", "secret\n"));
        (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];

        Assert.Equal(HttpStatusCode.Unauthorized, (await api.SendAsync(HttpMethod.Put, Entry, Body, headers)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.SendAsync(HttpMethod.Post, "/api/v1/reload", null, headers)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.SendAsync(HttpMethod.Delete, Entry, null, headers)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync(Entry)).Status);
    }

    [Fact]
    public async Task Change_WithTheToken_IsDone()
    {
        using var directory = new TempDirectory();
        var file = directory.Write("token", "secret\n");
        await using var api = await StartWithTokenAsync(file);

        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Put, Entry, Body, ("Authorization", "Bearer secret"))).Status);

        await File.WriteAllTextAsync(file, "renewed", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, (await api.SendAsync(HttpMethod.Put, Entry, Body, ("Authorization", "Bearer secret"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Put, Entry, Body, ("Authorization", "bearer renewed"))).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task Change_TokenFileEmptyOrGone_NobodyComesIn(string? content)
    {
        using var directory = new TempDirectory();
        var file = directory.Write("token", "soon gone");
        await using var api = await StartWithTokenAsync(file);
        if (content is null)
        {
            File.Delete(file);
        }
        else
        {
            await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await api.SendAsync(HttpMethod.Put, Entry, Body, ("Authorization", "Bearer "))).Status);
    }

    [Fact]
    public async Task Api_BeforeTheStoreIsOpen_SaysTryAgain()
    {
        await using var api = await AdminHarness.StartAsync();
        api.Target.IsReady = false;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.GetAsync(Entry)).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/healthz")).Status);

        api.Target.IsDraining = true;

        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync(Entry)).Status);
    }

    private static Task<AdminHarness> StartWithTokenAsync(string file) =>
        AdminHarness.StartAsync(config => config with { Admin = new AdminConfig { Address = "127.0.0.1:8025", TokenFile = file } });
}
