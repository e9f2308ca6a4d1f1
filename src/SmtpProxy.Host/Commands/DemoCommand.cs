using System.CommandLine;
using SmtpProxy.Host.Demo;

namespace SmtpProxy.Host.Commands;

/// <summary><c>demo</c>: the whole thing on one terminal.</summary>
internal static class DemoCommand
{
    private const int DefaultMessages = 300;

    public static Command Create()
    {
        var messages = Number("--messages", "End of the traffic after so many messages. Default: without end; with --exit 300.");
        var exit = new Option<bool>("--exit")
        {
            Description = "End when the messages are sent: exit code 0 if each one is in exactly one sink, else 1.",
        };
        var rate = Number("--rate", "Messages a second.", 20);
        var seed = new Option<int>("--seed")
        {
            Description = "Makes the order of the senders repeatable.",
            HelpName = "number",
            DefaultValueFactory = _ => 1,
        };
        var command = new Command("demo", "Three built-in mail sinks, the proxy and some traffic; half-way one sink is stopped.")
        {
            messages,
            exit,
            rate,
            seed,
        };
        command.SetAction((result, cancellationToken) =>
        {
            var isFinite = result.GetValue(exit);
            var options = new DemoOptions(
                result.GetResult(messages) is null ? (isFinite ? DefaultMessages : null) : result.GetValue(messages),
                isFinite,
                result.GetValue(rate),
                result.GetValue(seed));
            var streams = result.InvocationConfiguration;
            return new DemoRun(options, streams.Output, streams.Error).RunAsync(cancellationToken);
        });
        return command;
    }

    private static Option<int> Number(string name, string description, int? defaultValue = null)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "number" };
        if (defaultValue is { } value)
        {
            option.DefaultValueFactory = _ => value;
        }

        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError($"{name} must be a number above 0.");
            }
        });
        return option;
    }
}
