using SmtpProxy.Configuration;

namespace SmtpProxy.Hosting;

/// <summary>Keys that a running proxy cannot change: what they say was built in when it started.</summary>
internal static class FixedKeys
{
    private static readonly (string Key, Func<ProxyConfig, object?> Value)[] All =
    [
        ("AffinityStore", static config => config.AffinityStore),
        ("LogFormat", static config => config.LogFormat),
        ("MaxQueuedLogLines", static config => config.MaxQueuedLogLines),
        ("MaxConcurrentHandshakes", static config => config.MaxConcurrentHandshakes),
        ("ReservedDescriptors", static config => config.ReservedDescriptors),
        ("Transport", static config => config.Transport),
        ("TransportLoops", static config => config.TransportLoops),
        ("TransportReadBlock", static config => config.TransportReadBlock),
        ("Admin", static config => config.Admin),
    ];

    /// <summary>What of <paramref name="next"/> only a restart can bring into force.</summary>
    public static IReadOnlyList<ConfigError> Check(ProxyConfig current, ProxyConfig next) =>
    [
        .. All.Where(fixedKey => !Equals(fixedKey.Value(current), fixedKey.Value(next)))
            .Select(static fixedKey => new ConfigError($"SmtpProxy:{fixedKey.Key}", "cannot change while the proxy runs; restart it")),
    ];
}
