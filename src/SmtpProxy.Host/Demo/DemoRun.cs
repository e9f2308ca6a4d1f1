using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SmtpProxy.Configuration;
using SmtpProxy.Host.Commands;
using SmtpProxy.Host.Running;

namespace SmtpProxy.Host.Demo;

/// <summary>The demo from the first sink to the last count.</summary>
internal sealed class DemoRun(DemoOptions options, TextWriter output, TextWriter error)
{
    private const int Sinks = 3;
    private const int Senders = 20;

    private readonly DemoBoard _board = new();
    private readonly string[] _senders = [.. Enumerable.Range(1, Senders).Select(number => $"sender{number:00}@example.com")];

    /// <summary>Runs until the messages are sent or a signal ends it.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var signals = new ProcessSignals(onHangUp: () => { }, TimeProvider.System);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(signals.Stop, cancellationToken);
        var directory = Directory.CreateTempSubdirectory("smtpproxy-demo-");
        var sinks = new List<DemoSink>();
        try
        {
            for (var number = 1; number <= Sinks; number++)
            {
                sinks.Add(await DemoSink.StartAsync($"b{number}", _board, ended.Token));
            }

            return await RunAsync(sinks, directory.FullName, ended.Token);
        }
        finally
        {
            foreach (var sink in sinks)
            {
                await sink.DisposeAsync();
            }

            directory.Delete(recursive: true);
        }
    }

    private async Task<int> RunAsync(List<DemoSink> sinks, string directory, CancellationToken ended)
    {
        var listen = FreePort.Find();
        var source = ConfigSource.FromConfig(Configure(sinks, listen, directory));
        if (source.Load() is not { Config: { } config })
        {
            ConfigReport.Write(error, source.Load());
            return ExitCode.Configuration;
        }

        await using var proxy = new ProxyHost(source, config, Stream.Null, NullLoggerFactory.Instance);
        await proxy.StartAsync(ended);
        await output.WriteLineAsync($"proxy on {listen}, admin API on {proxy.AdminAddress}");

        _board.Open(_senders, sinks.Select(sink => sink.Name));
        var traffic = new DemoTraffic(listen, _senders, _board, options);
        var view = new RerouteView(proxy.Affinity, QuickConfig.ClusterId);
        var screen = new DemoScreen(output, _board.Look, view.CountAsync);
        await screen.ShowAsync(RunTrafficAsync(traffic, sinks, ended));
        await proxy.StopAsync(CancellationToken.None);
        return Judge(traffic.Ledger, sinks);
    }

    private async Task RunTrafficAsync(DemoTraffic traffic, List<DemoSink> sinks, CancellationToken ended)
    {
        await traffic.RunAsync(() => StopBusiestAsync(sinks), ended);
        if (!options.Exit)
        {
            // The picture stays until somebody has seen it.
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ended).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task StopBusiestAsync(List<DemoSink> sinks)
    {
        var busiest = _board.Look().Sinks.MaxBy(row => row.Messages)!.Sink;
        await sinks.Single(sink => sink.Name == busiest).StopAsync();
        _board.OnStopped(busiest);
    }

    private int Judge(DemoLedger ledger, List<DemoSink> sinks)
    {
        var offenders = ledger.FindOffenders(sinks.Select(sink => KeyValuePair.Create(sink.Name, sink.TakeStock())));
        foreach (var offender in offenders)
        {
            error.WriteLine(offender);
        }

        if (offenders.Count > 0)
        {
            error.WriteLine($"{offenders.Count} messages went wrong");
            return ExitCode.Failure;
        }

        output.WriteLine($"{_board.Look().Accepted} messages accepted, each of them in exactly one sink");
        return ExitCode.Ok;
    }

    private static ProxyConfig Configure(List<DemoSink> sinks, IPEndPoint listen, string directory)
    {
        var config = new QuickConfig
        {
            Listen = [listen.ToString()],
            Backends = [.. sinks.Select(sink => sink.EndPoint.ToString())],
            Database = Path.Combine(directory, "affinity.db"),
            Admin = "127.0.0.1:0",
            Hostname = "demo.invalid",
        }.Build();
        // Two failures move a sender, so that the table shows it within seconds.
        var pool = config.Clusters[QuickConfig.ClusterId];
        pool = pool with { SessionAffinity = pool.SessionAffinity with { RerouteAfter = 2 } };
        return config with { Clusters = new Dictionary<string, ClusterConfig>(StringComparer.OrdinalIgnoreCase) { [QuickConfig.ClusterId] = pool } };
    }
}
