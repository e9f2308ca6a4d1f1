using Xunit;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>Tests with a pool of servers run one after another, and not beside others: they measure and they load the machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PoolCollection
{
    public const string Name = "Pool";
}
