namespace SmtpProxy.Configuration.Schema;

/// <summary>What binding needs besides the JSON.</summary>
/// <param name="BaseDirectory">The directory that relative paths start from.</param>
/// <param name="Errors">Takes what is wrong.</param>
internal sealed record BindContext(string BaseDirectory, ConfigErrors Errors);
