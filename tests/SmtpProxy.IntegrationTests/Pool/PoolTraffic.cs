using System.Collections.Concurrent;
using System.Globalization;
using SmtpProxy.TestKit;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>Mail that goes on until it is stopped: through each proxy messages of all senders in turn.</summary>
internal sealed class PoolTraffic
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IReadOnlyList<PoolProxy> _proxies;
    private readonly ConcurrentDictionary<PoolProxy, int> _turns = new();
    private readonly Task _load;
    private readonly CancellationToken _cancellationToken;
    private volatile string[] _senders;
    private volatile bool _isStopped;

    public PoolTraffic(IReadOnlyList<PoolProxy> proxies, int connections, IEnumerable<string> senders, CancellationToken cancellationToken)
    {
        _proxies = proxies;
        _senders = [.. senders];
        _cancellationToken = cancellationToken;
        _load = PoolLoad.RunAsync(proxies, connections, Next, Journal, cancellationToken);
    }

    /// <summary>What the clients were told.</summary>
    public PoolJournal Journal { get; } = new();

    /// <summary>Lets more senders take part.</summary>
    public void Add(IEnumerable<string> senders) => _senders = [.. _senders, .. senders];

    /// <summary>Waits until so many more messages of each of these senders were taken through each proxy.</summary>
    public async Task UntilEachHasSentAsync(IReadOnlyCollection<string> senders, int messages)
    {
        var before = Count();
        await Poll.UntilAsync(
            async () =>
            {
                if (_load.IsCompleted)
                {
                    // It ends early by a fault only, which says more than a deadline that passes.
                    await _load;
                }

                var now = Count();
                return _proxies.All(proxy => senders.All(
                    sender => now.GetValueOrDefault((proxy.Name, sender)) >= before.GetValueOrDefault((proxy.Name, sender)) + messages));
            },
            Patience, $"{messages} more messages of {senders.Count} senders through each proxy", _cancellationToken);
    }

    /// <summary>Sends nothing new, and waits until all that was begun is taken.</summary>
    public Task StopAsync()
    {
        _isStopped = true;
        return _load;
    }

    private Dictionary<(string Proxy, string Sender), int> Count() =>
        Journal.Told.CountBy(receipt => (receipt.Proxy, receipt.Message.Sender)).ToDictionary();

    private PoolMessage? Next(PoolProxy proxy)
    {
        if (_isStopped)
        {
            return null;
        }

        var turn = _turns.AddOrUpdate(proxy, 0, static (_, last) => last + 1);
        var senders = _senders;
        var sender = senders[turn % senders.Length];
        return new PoolMessage(string.Create(CultureInfo.InvariantCulture, $"<{turn}.{proxy.Name}@{sender.Split('@')[1]}>"), sender);
    }
}
