namespace SmtpProxy.Configuration;

/// <summary>What loading a configuration gave.</summary>
/// <param name="Config">The configuration; null when there are errors.</param>
/// <param name="Errors">All that is wrong.</param>
/// <param name="Warnings">What is allowed and probably not meant.</param>
public sealed record ConfigResult(ProxyConfig? Config, IReadOnlyList<ConfigError> Errors, IReadOnlyList<string> Warnings);
