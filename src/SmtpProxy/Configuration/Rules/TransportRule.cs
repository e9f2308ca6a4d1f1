using SmtpProxy.Configuration.Schema;

namespace SmtpProxy.Configuration.Rules;

/// <summary>The transport is one that this system has.</summary>
internal sealed class TransportRule : IConfigRule
{
    /// <inheritdoc/>
    public void Check(ProxyConfig config, ConfigErrors errors)
    {
        if (config.Transport == TransportKind.Epoll && !OperatingSystem.IsLinux())
        {
            errors.Add(KeyPath.Top.Child(nameof(ProxyConfig.Transport)), "Epoll exists on Linux only; allowed: Auto, Sockets");
        }
    }
}
