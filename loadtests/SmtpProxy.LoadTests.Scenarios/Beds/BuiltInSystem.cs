using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace SmtpProxy.LoadTests.Scenarios.Beds;

/// <summary>Three sinks and the proxy before them: all that a load test needs on a fresh machine.</summary>
public sealed class BuiltInSystem : ITestBed, IAsyncDisposable
{
    private const int Servers = 3;

    private static readonly TimeSpan LongestReplacement = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("smtpproxy-load-").FullName;
    private readonly SinkCounts _counts = new();
    private readonly List<MailSink> _sinks = [];
    private readonly TimeProvider _time;
    private ProxyChild? _proxy;
    private TimeSpan _processorTimeOfOthers;

    private BuiltInSystem(TimeProvider time) => _time = time;

    /// <inheritdoc/>
    public IPEndPoint EndPoint { get; } = FindPort();

    /// <summary>Messages that the sinks took.</summary>
    public long Delivered => _counts.Messages;

    /// <summary>Senders whose mail came to more than one sink.</summary>
    public int ScatteredSenders => _counts.ScatteredSenders;

    /// <summary>Processor time that the proxy has used.</summary>
    public TimeSpan ProcessorTime => _processorTimeOfOthers + (_proxy?.ProcessorTime ?? TimeSpan.Zero);

    /// <summary>Memory that the proxy holds, in octets.</summary>
    public long WorkingSet => _proxy?.WorkingSet ?? 0;

    private string Configuration => Path.Combine(_folder, "smtpproxy.json");

    private string Log => Path.Combine(_folder, "smtpproxy.log");

    /// <summary>Starts it.</summary>
    /// <param name="settings">More settings of the proxy at the top of its configuration, as <c>Transport</c> and <c>Epoll</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<BuiltInSystem> StartAsync(
        IReadOnlyDictionary<string, string> settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var system = new BuiltInSystem(time);
        try
        {
            for (var number = 0; number < Servers; number++)
            {
                var sink = new MailSink(number, system._counts);
                sink.Start();
                system._sinks.Add(sink);
            }

            await File.WriteAllTextAsync(system.Configuration, system.Describe(settings), cancellationToken);
            system._proxy = await system.TryStartProxyAsync(cancellationToken)
                ?? throw new InvalidOperationException($"The proxy has not started: {await File.ReadAllTextAsync(system.Log, cancellationToken)}");
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task StopServerAsync(CancellationToken cancellationToken) => _sinks[0].StopAsync();

    /// <inheritdoc/>
    public Task StartServerAsync(CancellationToken cancellationToken)
    {
        _sinks[0].Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task ReplaceProxyAsync(CancellationToken cancellationToken)
    {
        var old = _proxy ?? throw new InvalidOperationException("There is no proxy.");
        old.Drain();
        var used = old.ProcessorTime;
        var started = _time.GetTimestamp();
        do
        {
            if (_time.GetElapsedTime(started) > LongestReplacement)
            {
                throw new TimeoutException("The draining proxy has not given its port back.");
            }

            await Task.Delay(Pause, _time, cancellationToken);
        }
        while (await ProxyChild.GreetsAsync(EndPoint, cancellationToken) || (_proxy = await TryStartProxyAsync(cancellationToken)) is null);

        await old.EndAsync(cancellationToken);
        _processorTimeOfOthers += used;
        old.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _proxy?.Dispose();
        foreach (var sink in _sinks)
        {
            await sink.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private Task<ProxyChild?> TryStartProxyAsync(CancellationToken cancellationToken) =>
        ProxyChild.TryStartAsync(Configuration, EndPoint, Log, _time, cancellationToken);

    private string Describe(IReadOnlyDictionary<string, string> settings)
    {
        var (certificate, key) = BedCertificate.Write(_folder);
        var destinations = _sinks.Select(static (sink, i) =>
            KeyValuePair.Create<string, JsonNode?>($"sink{i + 1}", new JsonObject { ["Address"] = sink.EndPoint.ToString() }));
        var root = new JsonObject
        {
            ["Listeners"] = new JsonObject
            {
                ["mx"] = new JsonObject
                {
                    ["Address"] = EndPoint.ToString(),
                    ["Hostname"] = "proxy.example.org",
                    // All clients have one address here.
                    ["Limits"] = new JsonObject { ["MaxConnectionsPerClient"] = 20_000 },
                    ["Tls"] = new JsonObject { ["Mode"] = "StartTls", ["Certificate"] = certificate, ["Key"] = key },
                },
            },
            ["Clusters"] = new JsonObject
            {
                ["pool"] = new JsonObject
                {
                    ["Connection"] = new JsonObject { ["MaxConnections"] = 1000 },
                    ["Destinations"] = new JsonObject(destinations),
                },
            },
        };
        foreach (var (name, value) in settings)
        {
            root[name] = value;
        }

        return new JsonObject { ["SmtpProxy"] = root }.ToJsonString();
    }

    private static IPEndPoint FindPort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return (IPEndPoint)probe.LocalEndpoint;
    }
}
