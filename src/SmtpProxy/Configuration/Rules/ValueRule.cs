using SmtpProxy.Configuration.Schema;
using SmtpProxy.Configuration.Schema.Tables;

namespace SmtpProxy.Configuration.Rules;

/// <summary>Each value is of the form and in the range that its key allows; what must be given is.</summary>
internal sealed class ValueRule : IConfigRule
{
    /// <inheritdoc/>
    public void Check(ProxyConfig config, ConfigErrors errors)
    {
        foreach (var value in ProxyKeys.Read(config))
        {
            value.Description.Check(value.Value, value.Key, errors);
        }
    }
}
