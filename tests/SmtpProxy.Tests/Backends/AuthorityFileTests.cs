using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Backends;
using SmtpProxy.TestKit;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class AuthorityFileTests : IDisposable
{
    private readonly TestAuthority _first = new();
    private readonly TestAuthority _second = new();
    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task GetAsync_FileChanges_HoldsWhatItHolds()
    {
        var path = _directory.Write("ca.pem", File.ReadAllText(_first.RootFile));
        var file = new AuthorityFile(path, _time, NullLogger.Instance);
        var before = Assert.Single(await file.GetAsync()).Thumbprint;

        _directory.Write("ca.pem", File.ReadAllText(_second.RootFile) + "\n" + File.ReadAllText(_first.RootFile));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2, (await file.GetAsync()).Count);
        Assert.Contains(await file.GetAsync(), certificate => certificate.Thumbprint == before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public async Task GetAsync_FileOfNoUse_WhatWasThereStaysInForce(string text)
    {
        var path = _directory.Write("ca.pem", File.ReadAllText(_first.RootFile));
        var file = new AuthorityFile(path, _time, NullLogger.Instance);
        Assert.Single(await file.GetAsync());

        _directory.Write("ca.pem", text);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Single(await file.GetAsync());
    }

    [Fact]
    public async Task GetAsync_FileThatNeverWasThere_TrustsNobody() =>
        Assert.Empty(await new AuthorityFile(_directory.PathOf("none.pem"), _time, NullLogger.Instance).GetAsync());

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _directory.Dispose();
    }
}
