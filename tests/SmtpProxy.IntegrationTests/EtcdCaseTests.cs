using SmtpProxy.TestKit.Cases;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests;

/// <summary>The cases in which something happens to etcd.</summary>
public sealed class EtcdCaseTests
{
    private static readonly IReadOnlyList<CaseVariant> All = CaseFile.ReadAll(Path.Combine(AppContext.BaseDirectory, "Cases"));

    public static IEnumerable<TheoryDataRow<string>> Variants => All
        .Select(static variant => new TheoryDataRow<string>(variant.Name) { TestDisplayName = variant.Name, Label = "" });

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Play_CaseVariant_ProxyDoesTheRightThing(string name)
    {
        await using var proxy = new ProxyProcess();

        var result = await CaseRunner.PlayAsync(All.Single(variant => variant.Name == name), proxy, TestContext.Current.CancellationToken);

        Assert.True(result.IsRight, result.ToString());
    }
}
