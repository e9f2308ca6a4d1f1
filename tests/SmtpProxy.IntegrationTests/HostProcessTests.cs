using System.Net;
using System.Net.Sockets;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests;

public sealed class HostProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_BadConfiguration_OneMessageEachAnd78()
    {
        using var directory = new TempDirectory();
        var more = """, "Liseners": {}, "Shutdown": { "DrainTimeout": "soon" }, "LogFormat": "Xml" """;
        directory.Write("bad.json", new HostConfig { More = more }.ToString());

        var (code, lines) = await HostProcess.RunAsync(directory.Root, "run", "--config", "bad.json");

        Assert.Equal(78, code);
        Assert.Equal(3, lines.Count);
        Assert.Contains(lines, line => line.StartsWith("SmtpProxy:Liseners: ", StringComparison.Ordinal) && Names(line, "Listeners"));
        Assert.Contains(lines, line => line.StartsWith("SmtpProxy:Shutdown:DrainTimeout: ", StringComparison.Ordinal) && Names(line, "30s"));
        Assert.Contains(lines, line => line.StartsWith("SmtpProxy:LogFormat: ", StringComparison.Ordinal) && Names(line, "Postfix"));
    }

    [Theory]
    [InlineData(true, "SmtpProxy:Listeners:mx:Address: ")]
    [InlineData(false, "SmtpProxy:Admin:Address: ")]
    public async Task Run_PortInUse_SaysWhichAnd69(bool isListener, string key)
    {
        using var directory = new TempDirectory();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        directory.Write("c.json", (isListener ? new HostConfig { Listen = taken } : new HostConfig { Admin = taken }).ToString());

        var (code, lines) = await HostProcess.RunAsync(directory.Root, "run", "--config", "c.json");

        Assert.Equal(69, code);
        var line = Assert.Single(lines, line => !line.StartsWith("warning: ", StringComparison.Ordinal));
        Assert.Equal($"{key}cannot listen on 127.0.0.1:{taken}: Address already in use", line);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Run_TransportLoops_AreSoManyThreads(int loops)
    {
        using var directory = new TempDirectory();
        var file = directory.Write("c.json", new HostConfig { More = $", \"Transport\": \"Epoll\", \"TransportLoops\": {loops}" }.ToString());
        await using var process = HostProgram.Start("run", "--config", file);
        await HostProcess.WaitForLineAsync(process, static line => line == "smtpproxy ready");

        var threads = Directory.GetDirectories($"/proc/{process.Id}/task").Select(static task => File.ReadAllText(Path.Combine(task, "comm")));

        Assert.Equal(loops == 0 ? Math.Max(1, Environment.ProcessorCount / 2) : loops, threads.Count(static name => name.StartsWith("epoll ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_StoreCannotBeOpened_SaysSoAnd69()
    {
        using var directory = new TempDirectory();
        var more = """, "AffinityStore": { "Type": "Sqlite", "Sqlite": { "Path": "missing/affinity.db" } }""";
        directory.Write("c.json", new HostConfig { More = more }.ToString());

        var (code, lines) = await HostProcess.RunAsync(directory.Root, "run", "--config", "c.json");

        Assert.Contains(code, new int?[] { 69, 78 });
        var line = Assert.Single(lines, line => !line.StartsWith("warning: ", StringComparison.Ordinal));
        Assert.StartsWith("SmtpProxy:AffinityStore", line);
        Assert.Contains("missing/affinity.db", line);
    }

    [Fact]
    public async Task Run_TerminateWhenIdle_EndsWith0()
    {
        using var directory = new TempDirectory();
        directory.Write("c.json", new HostConfig().ToString());
        await using var proxy = await HostProcess.StartReadyAsync(directory.Root, "run", "--config", "c.json");

        proxy.Terminate();

        Assert.True(await proxy.HasExitedAsync(Patience, Cancellation));
        Assert.Equal(0, proxy.ExitCode);
    }

    [Fact]
    public async Task Run_QuickMode_AnswersAndKeepsSendersInTheWorkingDirectory()
    {
        using var directory = new TempDirectory();
        var (listen, admin) = (FreePorts.Next(), FreePorts.Next());
        await using var proxy = await HostProcess.StartReadyAsync(
            directory.Root, "run", "--listen", $"127.0.0.1:{listen}", "--backend", $"127.0.0.1:{FreePorts.Next()}", "127.0.0.1:2",
            "--admin", $"127.0.0.1:{admin}", "--hostname", "quick.example.com");

        Assert.StartsWith("220 quick.example.com ", await HostProcess.GreetingAsync(listen));
        Assert.True(File.Exists(directory.PathOf("smtpproxy.db")));

        var (code, lines) = await HostProcess.RunAsync(directory.Root, "affinity", "move", "a@b", "b2", "--admin", $"127.0.0.1:{admin}");

        Assert.Equal(0, code);
        Assert.StartsWith("a@b goes to b2 until ", Assert.Single(lines));
    }

    [Fact]
    public async Task Reload_HangUp_BringsTheNewFileIntoForce()
    {
        using var directory = new TempDirectory();
        var config = new HostConfig();
        directory.Write("c.json", config.ToString());
        await using var proxy = await HostProcess.StartReadyAsync(directory.Root, "run", "--config", "c.json");
        Assert.StartsWith("220 mx.example.com ", await HostProcess.GreetingAsync(config.Listen));

        directory.Write("c.json", (config with { Hostname = "renamed.example.com" }).ToString());
        proxy.HangUp();

        await WaitForGreetingAsync(config.Listen, "220 renamed.example.com ");
    }

    [Fact]
    public async Task Reload_FileChanged_BringsItIntoForceUnasked()
    {
        using var directory = new TempDirectory();
        var config = new HostConfig();
        directory.Write("c.json", config.ToString());
        await using var proxy = await HostProcess.StartReadyAsync(directory.Root, "run", "--config", "c.json");

        var moved = config with { Listen = FreePorts.Next(), Hostname = "moved.example.com" };
        directory.Write("next.json", moved.ToString());
        File.Move(directory.PathOf("next.json"), directory.PathOf("c.json"), overwrite: true);

        await WaitForGreetingAsync(moved.Listen, "220 moved.example.com ");
    }

    [Fact]
    public async Task Reload_InvalidFile_OldOneStaysAndEveryErrorIsLogged()
    {
        using var directory = new TempDirectory();
        var config = new HostConfig();
        directory.Write("c.json", config.ToString());
        await using var proxy = await HostProcess.StartReadyAsync(directory.Root, "run", "--config", "c.json");

        var more = """, "Bogus": 1, "Shutdown": { "DrainTimeout": "soon" }""";
        directory.Write("c.json", (config with { Hostname = "bad.example.com", More = more }).ToString());
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var answer = await http.PostAsync(new Uri($"http://127.0.0.1:{config.Admin}/api/v1/reload"), content: null, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("SmtpProxy:Bogus: ", text);
        Assert.Contains("SmtpProxy:Shutdown:DrainTimeout: ", text);
        await HostProcess.WaitForLineAsync(proxy, line => Names(line, "SmtpProxy:Bogus: "));
        await HostProcess.WaitForLineAsync(proxy, line => Names(line, "SmtpProxy:Shutdown:DrainTimeout: "));
        Assert.StartsWith("220 mx.example.com ", await HostProcess.GreetingAsync(config.Listen));
    }

    [Fact]
    public async Task Reload_PortInUse_OldOneStays()
    {
        using var directory = new TempDirectory();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var config = new HostConfig();
        directory.Write("c.json", config.ToString());
        await using var proxy = await HostProcess.StartReadyAsync(directory.Root, "run", "--config", "c.json");

        directory.Write("c.json", (config with { Listen = ((IPEndPoint)other.LocalEndpoint).Port, Hostname = "x.example.com" }).ToString());
        proxy.HangUp();

        await HostProcess.WaitForLineAsync(proxy, line => Names(line, "SmtpProxy:Listeners:mx:Address: cannot listen on "));
        Assert.StartsWith("220 mx.example.com ", await HostProcess.GreetingAsync(config.Listen));
    }

    [Fact]
    public async Task Demo_SixtyMessages_EachInExactlyOneSink()
    {
        using var directory = new TempDirectory();

        var (code, lines) = await HostProcess.RunAsync(directory.Root, "demo", "--messages", "60", "--exit");

        Assert.True(code == 0, string.Join('\n', lines));
        Assert.Contains("60 messages accepted, each of them in exactly one sink", lines);
        Assert.Contains(lines, line => Names(line, "stopped"));
        Assert.Empty(Directory.GetFileSystemEntries(directory.Root));
    }

    private static bool Names(string line, string text) => line.Contains(text, StringComparison.Ordinal);

    private static Task WaitForGreetingAsync(int port, string start) => Poll.UntilAsync(
        async () =>
        {
            try
            {
                return (await HostProcess.GreetingAsync(port)).StartsWith(start, StringComparison.Ordinal);
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                return false;
            }
        },
        Patience,
        $"the greeting '{start}'",
        Cancellation);
}
