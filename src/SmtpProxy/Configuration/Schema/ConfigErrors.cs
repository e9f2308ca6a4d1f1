namespace SmtpProxy.Configuration.Schema;

/// <summary>Collects what is wrong; a key is blamed once, for the first thing found.</summary>
internal sealed class ConfigErrors
{
    private readonly List<ConfigError> _errors = [];
    private readonly HashSet<string> _blamed = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All errors, in the order they were found.</summary>
    public IReadOnlyList<ConfigError> All => _errors;

    /// <summary>Adds an error unless its key has one already: what follows from a bad value is no news.</summary>
    public void Add(string key, string message)
    {
        if (_blamed.Add(key))
        {
            _errors.Add(new ConfigError(key, message));
        }
    }

    /// <summary>Adds an error at a path.</summary>
    public void Add(KeyPath key, string message) => Add(key.Path, message);
}
