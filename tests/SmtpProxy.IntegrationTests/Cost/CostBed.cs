using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests.Cost;

/// <summary>The program itself, with its defaults, before three smtp-sinks. Needs Debian's postfix package.</summary>
internal sealed class CostBed : IAsyncDisposable
{
    private const int Sinks = 3;
    private const int LastLines = 20;
    private const string Backlog = "4096";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _directory = new("smtpproxy-cost-");
    private readonly IPEndPoint _listen = FreePorts.NextEndPoint();
    private readonly List<ChildProcess> _sinks = [];
    private ChildProcess? _proxy;

    private CostBed()
    {
    }

    /// <summary>The process that is measured.</summary>
    public int ProxyId => _proxy!.Id;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<CostBed> StartAsync()
    {
        var bed = new CostBed();
        try
        {
            await bed.RunAsync();
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends so many messages; throws when one of them is not taken.</summary>
    public async Task SendAsync(CostLoad load, int messages)
    {
        try
        {
            await ChildProcess.RunAsync(
                "/usr/sbin/smtp-source",
                [
                    "-M", "load.example.org", "-f", "load@example.org", "-t", "load@example.net",
                    .. load.Options, "-m", messages.ToString(CultureInfo.InvariantCulture), $"inet:{_listen}",
                ],
                Token);
        }
        catch (InvalidOperationException e)
        {
            var sinks = string.Join(", ", _sinks.Select(static sink => sink.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "running"));
            throw new InvalidOperationException(
                $"{e.Message}\nThe sinks: {sinks}. The proxy's exit code: {_proxy!.ExitCode}; its last lines:\n{string.Join('\n', _proxy.Lines.TakeLast(LastLines))}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _sinks.Prepend(_proxy))
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        _directory.Dispose();
    }

    private async Task RunAsync()
    {
        var destinations = new List<string>();
        for (var number = 1; number <= Sinks; number++)
        {
            var sink = FreePorts.NextEndPoint();
            destinations.Add($$"""
                "s{{number}}": { "Address": "{{sink}}" }
                """);
            _sinks.Add(StartSink(sink));
            await Poll.UntilAsync(() => AcceptsAsync(sink), Patience, "smtp-sink takes connections", Token);
        }

        // Where nobody else writes: the proxy watches the directory of its configuration, and what it is told of costs calls.
        var file = _directory.Write("config/smtpproxy.json", $$"""
            { "SmtpProxy": {
              "Listeners": { "mx": { "Address": "{{_listen}}", "Hostname": "mx.example.com",
                "Limits": { "MaxConnections": 50000, "MaxConnectionsPerClient": 50000 } } },
              "Clusters": { "pool": { "Connection": { "MaxConnections": 10000 }, "Destinations": { {{string.Join(", ", destinations)}} } } } } }
            """);
        _proxy = await HostProcess.StartReadyAsync(_directory.Root, "run", "--config", file);
    }

    private static ChildProcess StartSink(IPEndPoint endPoint)
    {
        // As root it wants to be told whom to become.
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        return ChildProcess.Start("/usr/sbin/smtp-sink", [.. user, "-m", "1000", $"inet:{endPoint}", Backlog]);
    }

    private static async ValueTask<bool> AcceptsAsync(IPEndPoint endPoint)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await probe.ConnectAsync(endPoint, Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
