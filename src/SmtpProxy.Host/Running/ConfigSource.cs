using SmtpProxy.Configuration;

namespace SmtpProxy.Host.Running;

/// <summary>Where the configuration comes from: a file, or the options of the command line.</summary>
internal sealed class ConfigSource
{
    private readonly Func<ConfigResult> _load;

    private ConfigSource(string? path, Func<ConfigResult> load)
    {
        Path = path;
        _load = load;
    }

    /// <summary>The file; null when there is none to read again.</summary>
    public string? Path { get; }

    public static ConfigSource FromFile(string path) => new(path, () => ConfigLoader.Load(path));

    public static ConfigSource FromConfig(ProxyConfig config) => new(null, () => ConfigLoader.Validate(config));

    /// <summary>Loads and checks it.</summary>
    public ConfigResult Load() => _load();
}
