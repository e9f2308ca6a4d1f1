using System.Net;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests;

/// <summary>The executable as an operator runs it.</summary>
internal static class HostProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Starts it with these arguments in a directory.</summary>
    public static ChildProcess Start(string directory, params string[] arguments) =>
        ChildProcess.Start("sh", ["-c", "cd \"$0\" && exec \"$@\"", directory, .. HostProgram.Command, .. arguments]);

    /// <summary>Starts it and waits for the readiness line.</summary>
    public static async Task<ChildProcess> StartReadyAsync(string directory, params string[] arguments)
    {
        var process = Start(directory, arguments);
        await WaitForLineAsync(process, line => line == "smtpproxy ready");
        return process;
    }

    /// <summary>Runs it to its end: exit code and lines of both streams.</summary>
    public static async Task<(int? Code, IReadOnlyList<string> Lines)> RunAsync(string directory, params string[] arguments)
    {
        await using var process = Start(directory, arguments);
        await process.HasExitedAsync(Patience, TestContext.Current.CancellationToken);
        return (process.ExitCode, process.Lines);
    }

    /// <summary>Waits until it has written such a line.</summary>
    public static async Task WaitForLineAsync(ChildProcess process, Func<string, bool> isIt)
    {
        var seen = await Poll.TryUntilAsync(
            () => process.Lines.Any(isIt) || process.ExitCode is not null, Patience, TestContext.Current.CancellationToken);
        if (!seen || !process.Lines.Any(isIt))
        {
            throw new ProxyStartException($"no such line (exit code {process.ExitCode}): {string.Join('\n', process.Lines)}");
        }
    }

    /// <summary>The greeting on a port of this host.</summary>
    public static async Task<string> GreetingAsync(int port)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? string.Empty;
    }
}
