using SmtpProxy.Configuration.Schema;
using SmtpProxy.Configuration.Schema.Tables;

namespace SmtpProxy.Configuration.Rules;

/// <summary>Nothing asks for a feature that this version does not have and that safety hangs on.</summary>
internal sealed class UnbuiltRule : IConfigRule
{
    /// <inheritdoc/>
    public void Check(ProxyConfig config, ConfigErrors errors)
    {
        foreach (var value in ProxyKeys.Read(config))
        {
            if (UnbuiltFeatures.Find(value) is { IsRefused: true } row)
            {
                var shown = JsonText.Show(UnbuiltFeatures.Text(value.Json));
                errors.Add(value.Key, $"{shown} is not available in this version; allowed: {string.Join(", ", row.Allowed)}");
            }
        }
    }
}
