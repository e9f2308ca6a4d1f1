using Xunit;

namespace SmtpProxy.ArchitectureTests;

public sealed class FileSizeTests
{
    private const int Limit = 300;
    private const int TableLimit = 500;

    [Fact]
    public void Files_Everywhere_StayReadable()
    {
        var violations =
            from file in Repository.Sources("src", "tests", "loadtests")
            let limit = IsTable(file) ? TableLimit : Limit
            where file.Lines > limit
            select $"{file.Path}: {file.Lines} lines, at most {limit}";

        Violations.AssertNone(violations);
    }

    // Tests that are mostly data may be longer: cutting a table in two helps nobody.
    private static bool IsTable(SourceFile file) =>
        file.Path.StartsWith("tests/", StringComparison.Ordinal)
        && (file.Text.Contains("[InlineData(", StringComparison.Ordinal) || file.Text.Contains("TheoryData", StringComparison.Ordinal));
}
