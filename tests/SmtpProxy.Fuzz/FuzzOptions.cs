using System.Globalization;

namespace SmtpProxy.Fuzz;

/// <summary>The command line.</summary>
/// <param name="Seconds">How long to run in all.</param>
/// <param name="Target">The one target to run, or null for all.</param>
/// <param name="Seed">What all choices follow from.</param>
/// <param name="Workers">How many sessions run side by side.</param>
internal sealed record FuzzOptions(double Seconds, string? Target, int Seed, int Workers)
{
    public const string Usage = "--seconds N [--target line|command|path|reply|scanner|proxy|xtext|session|proxied|auth|splice] [--seed N] [--workers N]";

    public static FuzzOptions Parse(IReadOnlyList<string> args)
    {
        var options = new FuzzOptions(60, null, Environment.TickCount, 2);
        for (var i = 0; i + 1 < args.Count; i += 2)
        {
            options = args[i] switch
            {
                "--seconds" => options with { Seconds = double.Parse(args[i + 1], CultureInfo.InvariantCulture) },
                "--target" => options with { Target = args[i + 1] },
                "--seed" => options with { Seed = Number(args[i + 1]) },
                "--workers" => options with { Workers = Number(args[i + 1]) },
                _ => throw new ArgumentException($"Unknown option {args[i]}. {Usage}"),
            };
        }

        return args.Count % 2 == 0 ? options : throw new ArgumentException($"{args[^1]} needs a value. {Usage}");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
