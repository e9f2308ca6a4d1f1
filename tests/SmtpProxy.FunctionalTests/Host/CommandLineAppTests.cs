using SmtpProxy.TestKit;
using Xunit;

namespace SmtpProxy.FunctionalTests.Host;

public sealed class CommandLineAppTests
{
    [Theory]
    [InlineData("")]
    [InlineData("bogus")]
    [InlineData("run")]
    [InlineData("run --listen 127.0.0.1:2525")]
    [InlineData("run --config a.json --backend b:25")]
    [InlineData("run --config")]
    [InlineData("check-config")]
    [InlineData("affinity")]
    [InlineData("affinity move a@b")]
    [InlineData("affinity flush")]
    [InlineData("affinity flush a@b --all")]
    [InlineData("affinity flush --destination d --all")]
    [InlineData("affinity map --limit many")]
    [InlineData("affinity map --output xml")]
    [InlineData("affinity map --admin ftp://x")]
    [InlineData("explain")]
    [InlineData("demo --messages 0")]
    [InlineData("demo --rate -1")]
    public async Task Run_WrongCommandLine_ExitsWith64(string line)
    {
        var (code, output, error) = await CommandRun.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(64, code);
        Assert.Empty(output);
        Assert.StartsWith("smtpproxy: ", error);
    }

    [Theory]
    [InlineData("--help", "affinity")]
    [InlineData("run --help", "./smtpproxy.db")]
    [InlineData("affinity status --help", "127.0.0.1:8025")]
    [InlineData("affinity map --help", "1000")]
    [InlineData("demo --help", "20")]
    public async Task Run_Help_NamesDefaults(string line, string expected)
    {
        var (code, output, error) = await CommandRun.RunAsync(line.Split(' '));

        Assert.Equal(0, code);
        Assert.Contains(expected, output);
        Assert.StartsWith("Description:", output);
        Assert.Empty(error);
    }

    [Fact]
    public async Task Run_Version_PrintsIt()
    {
        var (code, output, _) = await CommandRun.RunAsync("--version");

        Assert.Equal(0, code);
        Assert.Matches(@"^\d+\.\d+\.\d+", output);
    }

    [Fact]
    public async Task CheckConfig_Valid_PrintsOk()
    {
        using var directory = new TempDirectory();

        var (code, output, error) = await CommandRun.RunAsync("check-config", directory.Write("ok.json", Valid));

        Assert.Equal(0, code);
        Assert.Equal("OK\n", output);
        Assert.All(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("warning: SmtpProxy:", line));
    }

    [Fact]
    public async Task CheckConfig_SeveralFaults_AreAllReported()
    {
        using var directory = new TempDirectory();
        var file = directory.Write("bad.json", Valid
            .Replace("\"Listeners\"", "\"Listners\": {}, \"Shutdown\": { \"DrainTimeout\": \"soon\" }, \"Listeners\"", StringComparison.Ordinal));

        var (code, output, error) = await CommandRun.RunAsync("check-config", file);

        Assert.Equal(78, code);
        Assert.Empty(output);
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, line => line.StartsWith("SmtpProxy:Listners: ", StringComparison.Ordinal) && line.Contains("Listeners", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("SmtpProxy:Shutdown:DrainTimeout: ", StringComparison.Ordinal));
        Assert.Equal(2, lines.Length);
    }

    [Theory]
    [InlineData("check-config")]
    [InlineData("print-config")]
    public async Task Config_FileIsMissing_ExitsWith78(string command)
    {
        var (code, _, error) = await CommandRun.RunAsync(command, "/nowhere/smtpproxy.json");

        Assert.Equal(78, code);
        Assert.Equal("/nowhere/smtpproxy.json: the file does not exist\n", error);
    }

    [Fact]
    public async Task PrintConfig_Valid_PrintsWhatDiffers()
    {
        using var directory = new TempDirectory();

        var (code, output, _) = await CommandRun.RunAsync("print-config", directory.Write("ok.json", Valid));

        Assert.Equal(0, code);
        Assert.Contains("\"127.0.0.1:2525\"", output);
        Assert.DoesNotContain("RerouteAfter", output);
    }

    [Fact]
    public async Task Run_QuickModeWithBadAddress_NamesTheKey()
    {
        var (code, output, error) = await CommandRun.RunAsync("run", "--listen", "nowhere", "--backend", "127.0.0.1:2601");

        Assert.Equal(78, code);
        Assert.Empty(output);
        Assert.StartsWith("SmtpProxy:Listeners:mx:Address: ", error);
    }

    [Fact]
    public async Task Affinity_NobodyListens_ExitsWith69()
    {
        var (code, _, error) = await CommandRun.RunAsync("affinity", "status", "a@b", "--admin", $"127.0.0.1:{FreePorts.Next()}");

        Assert.Equal(69, code);
        Assert.StartsWith("smtpproxy: no admin API at 127.0.0.1:", error);
    }

    private const string Valid = """
        { "SmtpProxy": {
          "Listeners": { "mx": { "Address": "127.0.0.1:2525", "Hostname": "mx.example.com" } },
          "Clusters": { "pool": { "Destinations": { "mta1": { "Address": "127.0.0.1:2601" } } } } } }
        """;
}
