using SmtpProxy.Host.Commands;
using Xunit;

namespace SmtpProxy.FunctionalTests.Host;

/// <summary>Runs a command in this process.</summary>
internal static class CommandRun
{
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await new CommandLineApp(output, error).RunAsync(arguments, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
