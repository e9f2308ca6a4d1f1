namespace SmtpProxy.Configuration;

/// <summary>Something wrong in a configuration.</summary>
/// <param name="Key">The key it is about: <c>SmtpProxy:Clusters:pool:…</c>.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public sealed record ConfigError(string Key, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Key.Length == 0 ? Message : $"{Key}: {Message}";
}
