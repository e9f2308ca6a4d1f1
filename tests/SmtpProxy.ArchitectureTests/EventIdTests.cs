using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace SmtpProxy.ArchitectureTests;

/// <summary>Event ids are what operators write alerts on: each means one thing, and its range tells the part of the program.</summary>
public sealed partial class EventIdTests
{
    private static readonly Dictionary<string, (int First, int Last)> Ranges = new(StringComparer.Ordinal)
    {
        ["src/SmtpProxy/Sessions"] = (1000, 1099),
        ["src/SmtpProxy/Connections"] = (1100, 1199),
        ["src/SmtpProxy/Routing"] = (1200, 1299),
        ["src/SmtpProxy/Backends"] = (1300, 1399),
        ["src/SmtpProxy/Relay"] = (1400, 1449),
        ["src/SmtpProxy/Affinity"] = (1450, 1499),
        ["src/SmtpProxy/Health"] = (1500, 1599),
        ["src/SmtpProxy/Configuration"] = (1600, 1699),
        ["src/SmtpProxy/Management"] = (1600, 1699),
        ["src/SmtpProxy.Etcd"] = (1700, 1799),
        ["src/SmtpProxy/Hosting"] = (1800, 1899),
        ["src/SmtpProxy.Host"] = (1800, 1899),
        ["src/SmtpProxy.Transport"] = (2000, 2099),
        ["src/SmtpProxy/Accounting"] = (1900, 1999),
    };

    [Fact]
    public void Events_AcrossAllSources_HaveUniqueIds()
    {
        var duplicates = Events().GroupBy(static e => e.Id).Where(static group => group.Count() > 1)
            .Select(static group => $"{group.Key}: {string.Join(", ", group.Select(static e => e.Path))}");

        Violations.AssertNone(duplicates);
    }

    [Fact]
    public void Events_EveryId_LiesInTheRangeOfItsFolder()
    {
        var violations = Events().Where(static e => RangeOf(e.Path) is var (first, last) && (e.Id < first || e.Id > last))
            .Select(static e => $"{e.Path}: {e.Id} is not within {RangeOf(e.Path)}");

        Violations.AssertNone(violations);
    }

    [Fact]
    public void Logging_EveryCall_GoesThroughASourceGeneratedMethod()
    {
        var violations =
            from file in Repository.Sources("src")
            from Match match in DirectCall().Matches(file.Code)
            select $"{file.Path}: {match.Value}";

        Violations.AssertNone(violations);
    }

    private static (int First, int Last) RangeOf(string path) =>
        Ranges.FirstOrDefault(range => path.StartsWith(range.Key + "/", StringComparison.Ordinal)).Value;

    private static IEnumerable<(string Path, int Id)> Events() =>
        from file in Repository.Sources("src")
        from Match match in Attribute().Matches(file.Text)
        select (file.Path, match.Groups[1].Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : -1);

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(\d+)?")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(")]
    private static partial Regex DirectCall();
}
