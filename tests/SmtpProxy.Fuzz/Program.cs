using SmtpProxy.Fuzz.Sessions;
using SmtpProxy.Fuzz.Targets;

namespace SmtpProxy.Fuzz;

/// <summary>Attacks the parsers and the proxy with random mutations of known inputs. Exit code 1: an invariant broke; the input is written out.</summary>
internal static class Program
{
    private static readonly string[] Names = ["line", "command", "path", "reply", "scanner", "proxy", "xtext", "session", "proxied", "auth", "splice"];

    public static async Task<int> Main(string[] args)
    {
        var options = FuzzOptions.Parse(args);
        var names = options.Target is { } one ? [one] : Names;
        var isGood = true;
        foreach (var name in names)
        {
            isGood &= await RunAsync(name, options, TimeSpan.FromSeconds(options.Seconds / names.Length));
        }

        return isGood ? 0 : 1;
    }

    /// <summary>A new target of that name.</summary>
    public static async Task<IFuzzTarget> CreateAsync(string name) => name switch
    {
        "line" => new LineTarget(),
        "command" => new CommandTarget(),
        "path" => new PathTarget(),
        "reply" => new ReplyTarget(),
        "scanner" => new ScannerTarget(),
        "proxy" => new ProxyTarget(),
        "xtext" => new XtextTarget(),
        "session" => await SessionTarget.StartAsync(name, SessionKind.Plain),
        "proxied" => await SessionTarget.StartAsync(name, SessionKind.Proxied),
        "auth" => await SessionTarget.StartAsync(name, SessionKind.Auth),
        "splice" => await SessionTarget.StartAsync(name, SessionKind.Splice),
        _ => throw new ArgumentException($"No target {name}. {FuzzOptions.Usage}"),
    };

    private static async Task<bool> RunAsync(string name, FuzzOptions options, TimeSpan duration)
    {
        var targets = new List<IFuzzTarget>();
        for (var worker = 0; worker < options.Workers; worker++)
        {
            targets.Add(await CreateAsync(name));
        }

        // What the first seconds allocate for good is not growth.
        var warm = targets.Select((target, worker) => new FuzzLoop(target, options.Seed + worker, duration / 5)).ToList();
        await Task.WhenAll(warm.Select(static loop => Task.Run(loop.RunAsync)));
        warm.ForEach(static loop => loop.Forget());
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var loops = targets.Select((target, worker) => new FuzzLoop(target, ~(options.Seed + worker), duration * 4 / 5)).ToList();
        await Task.WhenAll(loops.Select(static loop => Task.Run(loop.RunAsync)));
        loops.ForEach(static loop => loop.Forget());
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        var isGood = Report.Write(name, options.Seed, [.. warm, .. loops], targets, grown);
        foreach (var target in targets)
        {
            await target.DisposeAsync();
        }

        return isGood;
    }
}
