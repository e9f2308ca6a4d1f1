using System.CommandLine;
using SmtpProxy.Configuration;
using SmtpProxy.Host.Running;

namespace SmtpProxy.Host.Commands;

/// <summary><c>print-config</c>: what a file changes.</summary>
internal static class PrintConfigCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Configuration file." };
        var command = new Command("print-config", "Print what a configuration file sets differently from the defaults, as JSON.") { file };
        command.SetAction(result =>
        {
            var loaded = ConfigLoader.Load(result.GetRequiredValue(file));
            if (loaded.Config is not { } config)
            {
                ConfigReport.Write(result.InvocationConfiguration.Error, loaded);
                return ExitCode.Configuration;
            }

            result.InvocationConfiguration.Output.WriteLine(ConfigPrinter.Diff(config));
            return ExitCode.Ok;
        });
        return command;
    }
}
