using SmtpProxy.Configuration.Formats;
using SmtpProxy.Configuration.Schema;

namespace SmtpProxy.Configuration.Rules;

/// <summary>An administration port that others can reach has a token: its API changes where mail goes.</summary>
internal sealed class AdminRule : IConfigRule
{
    /// <inheritdoc/>
    public void Check(ProxyConfig config, ConfigErrors errors)
    {
        if (config.Admin is { Address: { } text, TokenFile: null } && ListenAddress.TryParse(text, out var address) && !address.IsLoopback)
        {
            errors.Add(
                KeyPath.Top.Child(nameof(ProxyConfig.Admin), nameof(AdminConfig.TokenFile)),
                $"is required because the address {JsonText.Show(text)} is not loopback; "
                    + "allowed: a file with the token, or a loopback address");
        }
    }
}
