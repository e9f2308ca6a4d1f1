using SmtpProxy.Configuration;

namespace SmtpProxy.Host.Running;

/// <summary>Writes what loading a configuration found, one line each: <c>SmtpProxy:Key: message</c>.</summary>
internal static class ConfigReport
{
    public static void Write(TextWriter error, ConfigResult result)
    {
        foreach (var problem in result.Errors)
        {
            error.WriteLine(problem);
        }

        foreach (var warning in result.Warnings)
        {
            error.WriteLine($"warning: {warning}");
        }
    }
}
