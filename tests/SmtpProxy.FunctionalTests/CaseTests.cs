using SmtpProxy.TestKit.Cases;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.FunctionalTests;

public class CaseTests
{
    public static IEnumerable<TheoryDataRow<string>> Variants => CaseLibrary.All
        .Select(variant => new TheoryDataRow<string>(variant.Name) { TestDisplayName = variant.Name, Label = "" });

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Play_CaseVariant_ProxyDoesTheRightThing(string name)
    {
        await using var proxy = new ProxyProcess();

        var result = await CaseRunner.PlayAsync(CaseLibrary.Get(name), proxy, TestContext.Current.CancellationToken);

        Assert.True(result.IsRight, result.ToString());
    }
}
