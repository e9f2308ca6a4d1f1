using System.Text.Json;
using SmtpProxy.LoadTests.Commands;
using SmtpProxy.LoadTests.Scenarios;
using Xunit;

namespace SmtpProxy.LoadTests.Tests.Commands;

public sealed class LoadTestAppTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("smtpproxy-load-test-").FullName;

    public static TheoryData<string> Scenarios => [.. ScenarioCatalog.Names];

    private string Everything => $"{_output}\n{_error}";

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Run_EachScenarioBeforeASystemOfItsOwn_LosesNothing(string scenario)
    {
        // A busy machine may be slow, never wrong: no bound on times here.
        var code = await RunAsync(
            "--scenario", scenario, "--duration", "2s", "--warm-up", "100ms", "--copies", "8", "--threshold", "failed<=0%", "--report", _folder);

        Assert.True(code == ExitCode.Ok, Everything);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, $"{scenario}.json"), TestContext.Current.CancellationToken));
        var accepted = report.RootElement.GetProperty("run").GetProperty("iterations").GetProperty("ok").GetInt64();
        var system = report.RootElement.GetProperty("system");
        Assert.True(accepted > 0, Everything);
        // A message whose last reply was lost is sent again, and may then be there twice; none may be missing.
        var delivered = system.GetProperty("delivered").GetInt64();
        Assert.True(ScenarioCatalog.NeedingBed.Contains(scenario) ? delivered >= accepted : delivered == accepted, $"{delivered} delivered. {Everything}");
        Assert.True(scenario == "failing-backend" || scenario == "drain-under-load" || system.GetProperty("scatteredSenders").GetInt32() == 0, Everything);
        Assert.Contains("| iteration |", await File.ReadAllTextAsync(Path.Combine(_folder, $"{scenario}.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MissedThreshold_EndsWithTwo()
    {
        var code = await RunAsync("--phase", "inject:20:500ms", "--warm-up", "0s", "--threshold", "rate>=1000000", "--threshold", "failed<=0%");

        Assert.True(code == ExitCode.Missed, Everything);
        Assert.Contains("MISSED: rate >= 1000000/s", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("met: failed <= 0%", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TargetThatIsNotThere_MissesTheScenariosOwnThresholds()
    {
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        var target = probe.LocalEndpoint.ToString()!;
        probe.Stop();

        var code = await RunAsync("--target", target, "--phase", "inject:50:200ms", "--warm-up", "0s");

        Assert.True(code == ExitCode.Missed, Everything);
        Assert.Contains("ConnectionRefused", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--target", "192.0.2.1:25")]
    [InlineData("--scenario", "nonsense")]
    [InlineData("--duration", "ten")]
    [InlineData("--phase", "burst:1:1s")]
    [InlineData("--threshold", "p99<=fast")]
    [InlineData("--copies", "0")]
    [InlineData("--set", "Transport")]
    [InlineData("--scenario", "failing-backend", "--target", "127.0.0.1:25")]
    public async Task Run_WrongCommandLine_SaysWhyAndEndsWith64(params string[] arguments)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(arguments));
        Assert.StartsWith("loadtest: ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SettingThatTheProxyDoesNotKnow_SaysWhatItSaid()
    {
        Assert.Equal(ExitCode.Unavailable, await RunAsync("--set", "Nonsense=1"));
        Assert.Contains("Nonsense", _error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<int> RunAsync(params string[] arguments) =>
        new LoadTestApp(_output, _error).RunAsync(arguments, TestContext.Current.CancellationToken);
}
