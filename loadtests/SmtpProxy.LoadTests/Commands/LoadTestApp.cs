using System.CommandLine;
using System.CommandLine.Invocation;
using SmtpProxy.LoadTests.Scenarios;

namespace SmtpProxy.LoadTests.Commands;

/// <summary>The program: parses, runs, and turns what went wrong into an exit code.</summary>
internal sealed class LoadTestApp(TextWriter output, TextWriter error)
{
    private const string Name = "loadtest";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        var root = new CommandLine().Create((options, token) => new LoadTestRun(options, output, TimeProvider.System).RunAsync(token));
        var result = root.Parse(arguments);
        if (result.Action is ParseErrorAction)
        {
            foreach (var problem in result.Errors)
            {
                await error.WriteLineAsync($"{Name}: {problem.Message}");
            }

            return ExitCode.Usage;
        }

        try
        {
            var invocation = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                // After Ctrl-C the iterations that run come to their end, and a report is written.
                ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
            };
            return await result.InvokeAsync(invocation, cancellationToken);
        }
        catch (UsageException e)
        {
            await error.WriteLineAsync($"{Name}: {e.Message}");
            return ExitCode.Usage;
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException)
        {
            await error.WriteLineAsync($"{Name}: {e.Message}");
            return ExitCode.Unavailable;
        }
    }
}
