using System.CommandLine;
using SmtpProxy.Configuration;
using SmtpProxy.Host.Running;

namespace SmtpProxy.Host.Commands;

/// <summary><c>check-config</c>: all errors of a file at once.</summary>
internal static class CheckConfigCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Configuration file." };
        var command = new Command("check-config", "Check a configuration file: OK, or all that is wrong (exit code 78).") { file };
        command.SetAction(result =>
        {
            var loaded = ConfigLoader.Load(result.GetRequiredValue(file));
            ConfigReport.Write(result.InvocationConfiguration.Error, loaded);
            if (loaded.Config is null)
            {
                return ExitCode.Configuration;
            }

            result.InvocationConfiguration.Output.WriteLine("OK");
            return ExitCode.Ok;
        });
        return command;
    }
}
