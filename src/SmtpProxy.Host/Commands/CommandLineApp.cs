using System.CommandLine;
using System.CommandLine.Invocation;
using System.Net;
using SmtpProxy.Host.Client;

namespace SmtpProxy.Host.Commands;

/// <summary>The command <c>smtpproxy</c>: parses, runs the command and turns what went wrong into an exit code.</summary>
internal sealed class CommandLineApp(TextWriter output, TextWriter error)
{
    /// <summary>Name of the program in help and error texts.</summary>
    public const string Name = "smtpproxy";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        var result = CreateRoot().Parse(arguments);
        if (result.Action is ParseErrorAction)
        {
            return ReportUsage(result);
        }

        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // Commands that run for long handle the signals themselves: a drain outlasts any fixed time.
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await result.InvokeAsync(invocation, cancellationToken);
        }
        catch (CommandException e)
        {
            await error.WriteLineAsync($"{Name}: {e.Message}");
            return e.ExitCode;
        }
        catch (AdminClientException e)
        {
            await error.WriteLineAsync($"{Name}: {e.Message}");
            return ExitCodeOf(e.Status);
        }
    }

    private static int ExitCodeOf(HttpStatusCode? status) => status switch
    {
        null => ExitCode.Unavailable,
        HttpStatusCode.NotFound => ExitCode.NotFound,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.NoPermission,
        HttpStatusCode.UnprocessableEntity => ExitCode.Configuration,
        >= HttpStatusCode.InternalServerError => ExitCode.TryAgain,
        _ => ExitCode.Usage,
    };

    /// <summary>The whole tree of commands.</summary>
    private static RootCommand CreateRoot() =>
        new("An SMTP-aware proxy that keeps each sender on one mail server and moves it when that server fails.")
        {
            HelpName = Name,
            Subcommands =
            {
                RunCommand.Create(),
                DemoCommand.Create(),
                CheckConfigCommand.Create(),
                PrintConfigCommand.Create(),
                ExplainCommand.Create(),
                AffinityCommand.Create(),
            },
        };

    private int ReportUsage(ParseResult result)
    {
        foreach (var problem in result.Errors)
        {
            error.WriteLine($"{Name}: {problem.Message}");
        }

        error.WriteLine($"Try '{CommandPath(result.CommandResult.Command)} --help'.");
        return ExitCode.Usage;
    }

    private static string CommandPath(Command command)
    {
        var names = new List<string>();
        for (var current = command; current is not RootCommand; current = (Command)current.Parents.First())
        {
            names.Insert(0, current.Name);
        }

        return string.Join(' ', names.Prepend(Name));
    }
}
