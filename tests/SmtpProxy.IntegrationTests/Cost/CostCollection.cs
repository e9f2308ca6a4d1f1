using Xunit;

namespace SmtpProxy.IntegrationTests.Cost;

/// <summary>Tests that count what the process does run one after another, and not beside others: those would wake threads that are counted, too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CostCollection
{
    public const string Name = "Cost";
}
