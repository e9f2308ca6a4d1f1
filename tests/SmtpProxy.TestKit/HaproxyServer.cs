using System.Net.Sockets;
using System.Text;
using SmtpProxy.TestKit.Processes;

namespace SmtpProxy.TestKit;

/// <summary>A real HAProxy with a configuration of its own, in a directory of its own. Needs Debian's haproxy package.</summary>
public sealed class HaproxyServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _directory = new("smtpproxy-haproxy-");
    private ChildProcess? _process;

    private HaproxyServer()
    {
    }

    private string StatsSocket => _directory.PathOf("stats");

    /// <summary>Starts one and waits until it serves.</summary>
    /// <param name="configuration">Its configuration; a socket to ask it about its servers is added.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<HaproxyServer> StartAsync(string configuration, CancellationToken cancellationToken)
    {
        var server = new HaproxyServer();
        try
        {
            await server.RunAsync(configuration, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until its health checks find all servers of a backend up, each after a whole dialogue.</summary>
    public Task WaitForHealthyAsync(string backend, int servers, CancellationToken cancellationToken) => Poll.UntilAsync(
        async () => (await RowsAsync(backend, cancellationToken)).Count(static row => row.Contains("UP") && row.Contains("L7OK")) == servers,
        Patience, $"{servers} servers of {backend} that are up", cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task RunAsync(string configuration, CancellationToken cancellationToken)
    {
        var file = _directory.Write("haproxy.cfg", $"global\n    stats socket {StatsSocket} mode 600\n{configuration}\n");
        var process = _process = ChildProcess.Start("haproxy", "-db", "-f", file);
        var answers = await Poll.TryUntilAsync(
            async () => process.ExitCode is not null || await AskAsync("show info", cancellationToken) is not null, Patience, cancellationToken);
        if (!answers || process.ExitCode is not null)
        {
            throw new InvalidOperationException($"HAProxy does not come up: {string.Join('\n', process.Lines)}");
        }
    }

    /// <summary>What it says about the servers of a backend: the columns of each.</summary>
    private async Task<IReadOnlyList<string[]>> RowsAsync(string backend, CancellationToken cancellationToken) =>
        [.. (await AskAsync("show stat", cancellationToken) ?? "").Split('\n').Select(static line => line.Split(','))
            .Where(row => row[0] == backend && row.Length > 1 && row[1] != "BACKEND")];

    private async ValueTask<string?> AskAsync(string command, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(StatsSocket), cancellationToken);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), cancellationToken);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }
}
