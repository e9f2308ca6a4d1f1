using SmtpProxy.Configuration;
using Xunit;

namespace SmtpProxy.Tests.Configuration;

public sealed class ConfigPrinterTests : IDisposable
{
    private readonly ConfigSample _sample = new();

    public ConfigPrinterTests()
    {
        _sample.Write("hash.key", "secret");
        _sample.Write("etcd.password", "secret");
        _sample.Write("token", "secret");
    }

    public void Dispose() => _sample.Dispose();

    [Theory]
    [InlineData(ConfigSample.Json)]
    [InlineData(ContractSample.Json)]
    public void Diff_LoadedAgain_GivesTheSameDiff(string json)
    {
        var first = ConfigPrinter.Diff(_sample.Parse(json).Config!);
        var again = _sample.Parse(first);

        Assert.Empty(again.Errors);
        Assert.Equal(first, ConfigPrinter.Diff(again.Config!));
    }

    [Fact]
    public void Diff_ContractLoadedAgain_LosesNothing()
    {
        var printed = ConfigPrinter.Diff(_sample.Parse(ContractSample.Json).Config!);

        ContractSample.AssertBound(_sample.Parse(printed).Config!, _sample.Folder);
    }

    [Fact]
    public void Diff_DefaultsAmongTheValues_AreLeftOut()
    {
        var json = ConfigSample.Set(ConfigSample.Json, "Clusters:pool:Connection:PoolSize", "32");
        json = ConfigSample.Set(json, "AffinityStore:Sqlite:Path", "\"smtpproxy.db\"");

        Assert.Equal(
            """
            {
              "SmtpProxy": {
                "Listeners": {
                  "mx": {
                    "Address": "127.0.0.1:2525",
                    "Hostname": "mx.example.com"
                  }
                },
                "Routes": {
                  "default": {
                    "ClusterId": "pool"
                  }
                },
                "Clusters": {
                  "pool": {
                    "Destinations": {
                      "mta1": {
                        "Address": "127.0.0.1:2601"
                      },
                      "mta2": {
                        "Address": "mta2.example.com:25"
                      }
                    }
                  }
                }
              }
            }
            """,
            ConfigPrinter.Diff(_sample.Parse(json).Config!));
    }
}
