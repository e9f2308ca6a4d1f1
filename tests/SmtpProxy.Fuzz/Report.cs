using System.Globalization;
using SmtpProxy.Fuzz.Targets;

namespace SmtpProxy.Fuzz;

/// <summary>Says what a run has found.</summary>
internal static class Report
{
    // The heap of a proxy that keeps nothing of past sessions; entries of its bounded caches are less.
    private const long MostGrowth = 16 * 1024 * 1024;

    /// <summary>True when every invariant held.</summary>
    public static bool Write(string name, int seed, IReadOnlyList<FuzzLoop> loops, IReadOnlyList<IFuzzTarget> targets, long grown)
    {
        var stored = targets.OfType<SessionTarget>().Sum(static target => target.Stored);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {loops.Sum(static loop => loop.Executions)} executions, {loops.Max(static loop => loop.Signatures)} signatures, {stored} messages stored, heap {grown / 1024.0:+0;-0} KiB, seed {seed}"));
        var broken = loops.Where(static loop => loop.Failure is not null).ToList();
        foreach (var loop in broken)
        {
            var path = Path.Combine(Directory.CreateTempSubdirectory("smtpproxy-fuzz-").FullName, $"{name}.txt");
            File.WriteAllText(path, Corpus.Text(loop.Breaker));
            Console.WriteLine($"{name}: {loop.Failure}\nThe input, as a corpus file: {path}");
        }

        if (grown > MostGrowth)
        {
            Console.WriteLine($"{name}: the heap has grown.");
        }

        return broken.Count == 0 && grown <= MostGrowth;
    }
}
