using System.CommandLine;
using System.CommandLine.Parsing;
using SmtpProxy.LoadTests.Scenarios;
using SmtpProxy.LoadTests.Scenarios.Thresholds;

namespace SmtpProxy.LoadTests.Commands;

/// <summary>The options, and how they become what to run.</summary>
internal sealed class CommandLine
{
    private readonly Option<string[]> _scenario = new("--scenario")
    {
        Description = "What to run, or 'all'; may be repeated.",
        HelpName = "name",
        DefaultValueFactory = static _ => ["connect-per-message"],
    };

    private readonly Option<TimeSpan> _duration = Duration("--duration", "10s", "How long the scenario's own plan takes.");
    private readonly Option<TimeSpan> _warmUp = Duration("--warm-up", "2s", "Load before it that is not measured.");
    private readonly Option<int?> _copies = Number("--copies", "Copies side by side in the scenario's own plan.");
    private readonly Option<int?> _size = Number("--size", "Octets of a message.");
    private readonly Option<int?> _senders = Number("--senders", "How many senders.");

    private readonly Option<LoadPhase[]> _phase = new("--phase")
    {
        Description = "A phase in place of the scenario's own plan: keep:COPIES:TIME, ramp:COPIES:TIME (closed), inject:RATE:TIME, "
            + "ramp-inject:RATE:TIME (open, a second), pause:TIME; may be repeated.",
        HelpName = "phase",
        CustomParser = static result => ParseAll(result, PhaseParser.Parse, "phase"),
    };

    private readonly Option<Threshold[]> _threshold = new("--threshold")
    {
        Description = "A bound in place of the scenario's own: p99<=50ms, failed<=0.1%, rate>=500, message:p50<=2ms; may be repeated.",
        HelpName = "bound",
        CustomParser = static result => ParseAll(result, ThresholdParser.Parse, "bound"),
    };

    private readonly Option<string?> _report = new("--report") { Description = "Folder for the report as JSON and Markdown.", HelpName = "folder" };

    private readonly Option<string?> _target = new("--target")
    {
        Description = "Where the load goes. Default: a system of our own, three sinks and the proxy.",
        HelpName = "host:port",
    };

    private readonly Option<string?> _owned = new(TargetGuard.Flag)
    {
        Description = "Names the host of --target again when it is not this machine.",
        HelpName = "host",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "A setting at the top of the own proxy's configuration, as Transport=Epoll; may be repeated.",
        HelpName = "key=value",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<int> _seed = new("--seed") { Description = "Makes the choice of senders repeatable.", HelpName = "number" };

    /// <summary>The command.</summary>
    /// <param name="run">What it does.</param>
    public RootCommand Create(Func<RunOptions, CancellationToken, Task<int>> run)
    {
        var names = string.Join('\n', ScenarioCatalog.Describe().Select(static one => $"  {one.Name,-20} {one.Description}"));
        var root = new RootCommand($"Puts load on an SMTP server. Exit code 2 when a threshold is missed. Scenarios:\n{names}")
        {
            _scenario, _duration, _warmUp, _copies, _phase, _size, _senders, _threshold, _report, _target, _owned, _set, _seed,
        };
        root.SetAction(async (result, cancellationToken) => await run(await ReadAsync(result, cancellationToken), cancellationToken));
        return root;
    }

    private async Task<RunOptions> ReadAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var scenarios = result.GetRequiredValue(_scenario);
        var target = result.GetValue(_target);
        var isAll = scenarios is ["all"];
        IReadOnlyList<string> names = isAll ? [.. ScenarioCatalog.Names.Where(name => target is null || !ScenarioCatalog.NeedingBed.Contains(name))] : scenarios;
        foreach (var name in names)
        {
            if (!ScenarioCatalog.Names.Contains(name))
            {
                throw new UsageException($"No scenario is called '{name}'. There are: {string.Join(", ", ScenarioCatalog.Names)}.");
            }

            if (target is not null && ScenarioCatalog.NeedingBed.Contains(name))
            {
                throw new UsageException($"{name} breaks parts of the system: it runs without --target only.");
            }
        }

        return new RunOptions
        {
            Scenarios = names,
            Duration = result.GetRequiredValue(_duration),
            WarmUp = result.GetRequiredValue(_warmUp),
            Copies = result.GetValue(_copies),
            Phases = result.GetValue(_phase) ?? [],
            Size = result.GetValue(_size),
            Senders = result.GetValue(_senders),
            Thresholds = result.GetValue(_threshold) ?? [],
            Report = result.GetValue(_report),
            Target = target is null ? null : await TargetGuard.ResolveAsync(target, result.GetValue(_owned), cancellationToken),
            Settings = result.GetRequiredValue(_set).ToDictionary(KeyOf, ValueOf, StringComparer.OrdinalIgnoreCase),
            Seed = result.GetValue(_seed),
        };
    }

    private static string KeyOf(string setting) => setting.IndexOf('=') is > 0 and var sign
        ? setting[..sign]
        : throw new UsageException($"'{setting}' is no setting: give key=value, as Transport=Epoll.");

    private static string ValueOf(string setting) => setting[(setting.IndexOf('=') + 1)..];

    private static Option<TimeSpan> Duration(string name, string byDefault, string description) => new(name)
    {
        Description = $"{description} Default: {byDefault}.",
        HelpName = "time",
        DefaultValueFactory = _ => PhaseParser.ParseDuration(byDefault)!.Value,
        CustomParser = static result =>
        {
            var text = result.Tokens[0].Value;
            if (PhaseParser.ParseDuration(text) is { } duration)
            {
                return duration;
            }

            result.AddError($"'{text}' is no duration: give 500ms, 10s or 2m.");
            return default;
        },
    };

    private static Option<int?> Number(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "number" };
        option.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var number) || number < 1))
            {
                result.AddError($"'{result.Tokens[0].Value}' is no number from 1 on.");
            }
        });
        return option;
    }

    private static T[] ParseAll<T>(ArgumentResult result, Func<string, T?> parse, string what)
        where T : class
    {
        var values = new List<T>();
        foreach (var token in result.Tokens)
        {
            if (parse(token.Value) is { } value)
            {
                values.Add(value);
            }
            else
            {
                result.AddError($"'{token.Value}' is no {what}.");
            }
        }

        return [.. values];
    }
}
