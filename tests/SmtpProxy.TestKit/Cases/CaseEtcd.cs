using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using SmtpProxy.TestKit.Processes;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Cases;

/// <summary>The etcd of a case and what can happen to it. The proxy reaches it through a relay; a second proxy, which stands for another node, directly.</summary>
internal sealed partial class CaseEtcd : IAsyncDisposable
{
    private static readonly TimeSpan BriefOutage = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(3);

    private readonly EtcdServer _server;
    private readonly TcpRelay _relay;
    private readonly ProxyProcess _otherNode = new();
    private readonly Func<string, ProxySetup> _setup;
    private readonly EtcdCounts _start;
    private Task _outage = Task.CompletedTask;
    private Uri? _otherAdmin;
    private EtcdCounts _cut;
    private EtcdCounts _since;

    private CaseEtcd(EtcdServer server, EtcdCounts start, Func<string, ProxySetup> setup)
    {
        _server = server;
        _setup = setup;
        _relay = new TcpRelay(IPEndPoint.Parse(new Uri(server.Endpoint).Authority));
        (_start, _cut, _since) = (start, start, start);
    }

    /// <summary>Where the proxy of the case finds it.</summary>
    public string Endpoint => $"http://{_relay.EndPoint}";

    /// <param name="setup">A proxy's setup for the endpoint of an etcd.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<CaseEtcd> StartAsync(Func<string, ProxySetup> setup, CancellationToken cancellationToken)
    {
        var server = await EtcdServer.StartAsync(cancellationToken);
        return new CaseEtcd(server, await CountAsync(server, cancellationToken), setup);
    }

    /// <summary>Does an <c>etcd.</c> or <c>assert.</c> step.</summary>
    public async Task DoAsync(ClientStep step, CancellationToken cancellationToken)
    {
        switch (step.Control!.Split(' ')[0])
        {
            case "etcd.cut":
                _cut = await CountAsync(_server, cancellationToken);
                _relay.Cut();
                break;
            case "etcd.uncut":
                _relay.Restore();
                _since = await CountAsync(_server, cancellationToken);
                break;
            case "etcd.put":
                var presets = new Dictionary<string, string> { [step.Key!.Split(' ')[^1]] = step.Value! };
                await AffinityPresets.PutAsync(await OtherAdminAsync(cancellationToken), presets, cancellationToken);
                break;
            case "etcd.put_noise":
                await Task.WhenAll(Enumerable.Range(0, step.Count).Select(
                    i => _server.ControlAsync(cancellationToken, "put", string.Create(CultureInfo.InvariantCulture, $"/noise/{i}"), "x")));
                break;
            case "etcd.compact":
                var status = await _server.ControlAsync(cancellationToken, "get", "/noise/0", "--write-out", "json");
                await _server.ControlAsync(cancellationToken, "compact", Revision().Match(status).Groups[1].Value);
                break;
            case "etcd.blackhole_8s":
                _since = await CountAsync(_server, cancellationToken);
                _relay.IsSilent = true;
                _outage = EndOutageAsync(cancellationToken);
                break;
            case "etcd.unblackhole":
                await _outage;
                break;
            case "etcd.alarm_nospace":
                await _server.RaiseNoSpaceAsync(cancellationToken);
                _since = await CountAsync(_server, cancellationToken);
                break;
            case "etcd.disarm":
                await _server.ControlAsync(cancellationToken, "alarm", "disarm");
                break;
            case "etcd.revoke_leases":
                _since = await CountAsync(_server, cancellationToken);
                foreach (Match lease in Lease().Matches(await _server.ControlAsync(cancellationToken, "lease", "list")))
                {
                    await _server.ControlAsync(cancellationToken, "lease", "revoke", lease.Value);
                }

                break;
            default:
                await AssertAsync(step, cancellationToken);
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _otherNode.DisposeAsync();
        await _relay.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task AssertAsync(ClientStep step, CancellationToken cancellationToken)
    {
        switch (step.Control!.Split(' '))
        {
            case ["assert.etcd_watch_creates"]:
                var created = (await CountAsync(_server, cancellationToken)).Watches - _since.Watches;
                var watches = Math.Max(1, _cut.Watches - _start.Watches);
                Require(created <= step.Le * watches, $"{created} watch requests since etcd is back, at most {step.Le} for each of {watches} watches");
                break;
            case ["assert.etcd_put_rate"]:
                var rate = await WriteRateAsync(cancellationToken);
                Require(rate <= step.LePerS, $"{rate:0.0} write calls a second to etcd, at most {step.LePerS}");
                break;
            case ["assert.key_exists", var sender]:
                var found = await AffinityPresets.GetAsync(await OtherAdminAsync(cancellationToken), sender, cancellationToken);
                Require(found == HttpStatusCode.OK, $"another node finds no affinity of {sender} in etcd: {found}");
                break;
            default:
                throw new InvalidOperationException($"Not a control: {step.Control}");
        }
    }

    private async Task<double> WriteRateAsync(CancellationToken cancellationToken)
    {
        var left = RateWindow - Stopwatch.GetElapsedTime(_since.At);
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, TimeProvider.System, cancellationToken);
        var now = await CountAsync(_server, cancellationToken);
        return (now.Writes - _since.Writes) / Stopwatch.GetElapsedTime(_since.At, now.At).TotalSeconds;
    }

    private async Task EndOutageAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(BriefOutage, TimeProvider.System, cancellationToken);
        _relay.IsSilent = false;
    }

    private async Task<Uri> OtherAdminAsync(CancellationToken cancellationToken)
    {
        if (_otherAdmin is null)
        {
            var setup = _setup(_server.Endpoint);
            await _otherNode.StartAsync(setup, cancellationToken);
            _otherAdmin = setup.Admin;
        }

        return _otherAdmin;
    }

    private static async Task<EtcdCounts> CountAsync(EtcdServer server, CancellationToken cancellationToken) =>
        EtcdCounts.Of(await server.MetricsAsync(cancellationToken), Stopwatch.GetTimestamp());

    private static void Require(bool holds, string complaint)
    {
        if (!holds)
        {
            throw new StepFailedException(complaint);
        }
    }

    [GeneratedRegex(@"""revision"":(\d+)")]
    private static partial Regex Revision();

    [GeneratedRegex("(?m)^[0-9a-f]{10,}$")]
    private static partial Regex Lease();
}
