using Xunit;

namespace SmtpProxy.Tests.Configuration;

public sealed class PoolWarningsTests : IDisposable
{
    private readonly ConfigSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Theory]
    [InlineData("XForward", 3, false)]
    [InlineData("XClient", 3, true)]
    [InlineData("ProxyV1", 3, true)]
    [InlineData("ProxyV2", 3, true)]
    [InlineData("ProxyV2", 0, false)]
    public void Find_MinPoolSizeOfSessionsThatBelongToClients_TellsOfNoEffect(string identity, int size, bool isWarned)
    {
        var result = _sample.With("Clusters:pool:Destinations:mta1:Connection", $$"""{ "Identity": "{{identity}}", "MinPoolSize": {{size}} }""");

        Assert.NotNull(result.Config);
        Assert.Equal(
            isWarned,
            result.Warnings.Any(static x => x.StartsWith("SmtpProxy:Clusters:pool:Destinations:mta1: MinPoolSize has no effect: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("mx.example.com", "{}", false)]
    [InlineData("out.example.com", "{}", true)]
    [InlineData("out.example.com", """{ "Listeners": ["mx"] }""", false)]
    public void Find_MinPoolSizeAndListenersOfSeveralNames_TellsWhichIsUsed(string hostname, string match, bool isWarned)
    {
        var json = ConfigSample.Set(ConfigSample.Json, "Listeners:out", $$"""{ "Address": "127.0.0.1:2526", "Hostname": "{{hostname}}" }""");
        json = ConfigSample.Set(json, "Clusters:pool:Connection:MinPoolSize", "2");
        json = ConfigSample.Set(json, "Routes:default:Match", match);
        var result = _sample.Parse(json);

        Assert.NotNull(result.Config);
        Assert.Equal(
            isWarned,
            result.Warnings.Contains("SmtpProxy:Clusters:pool:Connection:MinPoolSize: connections are kept open under the name 'mx.example.com' only; "
                + "listeners with another Hostname ('out.example.com') do not use them"));
    }
}
