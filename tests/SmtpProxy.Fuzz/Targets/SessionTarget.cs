using SmtpProxy.Fuzz.Sessions;

namespace SmtpProxy.Fuzz.Targets;

/// <summary>Whole sessions through a proxy on loopback sockets, before a strict server.</summary>
internal sealed class SessionTarget : IFuzzTarget
{
    private readonly List<ProxyUnderFuzz> _proxies = [];

    private SessionTarget(string name) => Name = name;

    public string Name { get; }

    /// <summary>Messages that were stored so far.</summary>
    public long Stored => _proxies.Sum(static proxy => proxy.Stored);

    public static async Task<SessionTarget> StartAsync(string name, SessionKind kind)
    {
        var target = new SessionTarget(name);
        foreach (var variant in SessionVariant.Of(kind))
        {
            target._proxies.Add(await ProxyUnderFuzz.StartAsync(variant));
        }

        return target;
    }

    public async ValueTask<int> RunAsync(byte[] input, int seed)
    {
        var variant = (int)((uint)seed % _proxies.Count);
        return InputHash.Of([.. (await _proxies[variant].RunAsync(input, seed)).Take(24), variant]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }
    }
}
