using System.Globalization;
using SmtpProxy.TestKit;
using Xunit;

namespace SmtpProxy.IntegrationTests.Publish;

/// <summary>The native program.</summary>
public sealed class NativeTests(NativeProgram program) : PublishedProgramTests(program), IClassFixture<NativeProgram>
{
    // It takes 27 MB; the kernel has a say in how much of a file it maps at once.
    private const int MostIdleKb = 36 * 1024;

    [Fact]
    public async Task Run_WithoutTls_TakesLittleMemoryAndNoOpenSsl()
    {
        using var directory = new TempDirectory();

        await using var proxy = await Program.StartReadyAsync("run", "--config", directory.Write("c.json", new HostConfig().ToString()));

        var resident = File.ReadLines($"/proc/{proxy.Id}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        Assert.InRange(int.Parse(resident.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture), 1, MostIdleKb);
        Assert.DoesNotContain("libcrypto", File.ReadAllText($"/proc/{proxy.Id}/maps"), StringComparison.Ordinal);
    }
}
