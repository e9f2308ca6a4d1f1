using SmtpProxy.Fuzz;
using SmtpProxy.Fuzz.Targets;
using Xunit;

namespace SmtpProxy.FunctionalTests;

/// <summary>Plays the inputs that the fuzzer starts from, and those that have broken something once.</summary>
public class FuzzCorpusTests
{
    // So many ways to arrive: among them are whole, octet by octet, and each set-up of the proxy.
    private const int Arrivals = 100;
    private const int SessionArrivals = 16;

    [Theory]
    [InlineData("line", Arrivals)]
    [InlineData("command", 1)]
    [InlineData("path", 1)]
    [InlineData("reply", Arrivals)]
    [InlineData("scanner", Arrivals)]
    [InlineData("proxy", Arrivals)]
    [InlineData("xtext", Arrivals)]
    [InlineData("session", SessionArrivals)]
    [InlineData("proxied", SessionArrivals)]
    [InlineData("auth", SessionArrivals)]
    [InlineData("splice", SessionArrivals)]
    public async Task Run_InputOfTheCorpus_KeepsEveryInvariant(string name, int arrivals)
    {
        await using var target = await Fuzz.Program.CreateAsync(name);
        var inputs = Corpus.Load(name);
        Assert.NotEmpty(inputs);
        foreach (var input in inputs)
        {
            for (var seed = 0; seed < arrivals; seed++)
            {
                Assert.Null(await FailureOfAsync(target, input, seed));
            }
        }

        Assert.True(target is not SessionTarget { Stored: 0 }, "Some sessions store a message.");
    }

    /// <summary>The same seed makes the same inputs, so that a finding can be found again.</summary>
    [Fact]
    public void Mutate_SameSeed_MakesTheSameInputs()
    {
        var input = Corpus.Load("session")[0].Octets;
        var first = new Mutator(new Random(1));
        var second = new Mutator(new Random(1));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(first.Mutate(input, input), second.Mutate(input, input));
        }
    }

    private static async Task<string?> FailureOfAsync(IFuzzTarget target, (string Name, byte[] Octets) input, int seed) =>
        await Record.ExceptionAsync(async () => await target.RunAsync(input.Octets, seed)) is { } failure ? $"{input.Name}, {seed}: {failure}" : null;
}
