using SmtpProxy.Configuration.Schema;

namespace SmtpProxy.Configuration.Rules;

/// <summary>Checks one area of a configuration; finds everything that is wrong there, not the first of it.</summary>
internal interface IConfigRule
{
    /// <summary>Adds an error for each thing that is wrong.</summary>
    void Check(ProxyConfig config, ConfigErrors errors);
}
