using Xunit;

namespace SmtpProxy.ArchitectureTests;

/// <summary>Reports all violations, each on a line of its own: whoever fixes them wants the whole list.</summary>
internal static class Violations
{
    public static void AssertNone(IEnumerable<string> violations)
    {
        var all = violations.ToArray();
        Assert.True(all.Length == 0, $"{all.Length} violations:\n{string.Join('\n', all)}");
    }
}
