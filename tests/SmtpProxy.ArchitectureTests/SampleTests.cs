using SmtpProxy.Configuration;
using Xunit;

namespace SmtpProxy.ArchitectureTests;

public sealed class SampleTests
{
    [Fact]
    public void Samples_OfConfigurations_LoadWithoutAnError()
    {
        var samples = Repository.Files("*.json", "config").ToArray();

        Assert.Contains("config/smtpproxy.json", samples);

        // Certificates are the operator's own; everything else that a sample names is in it.
        Assert.All(samples, static path => Assert.DoesNotContain(
            ConfigLoader.Load(Repository.PathOf(path)).Errors,
            static error => !error.Message.Contains("'/etc/smtpproxy/", StringComparison.Ordinal)
                || !error.Message.Contains("does not exist", StringComparison.Ordinal)));
    }

    [Fact]
    public void Readme_ConfigurationReference_IsWhatTheCodeKnows()
    {
        const string Begin = "<!-- configuration reference -->\n";
        var path = Repository.PathOf("README.md");
        var parts = File.ReadAllText(path).Split(Begin);
        Assert.True(parts.Length == 3, "The reference stands between two markers.");
        var expected = "\n" + ConfigReference.Markdown().Trim() + "\n\n";
        if (Repository.IsApproving)
        {
            File.WriteAllText(path, string.Concat(parts[0], Begin, expected, Begin, parts[2]));
            return;
        }

        Assert.True(
            expected == parts[1],
            $"The reference in README.md is not what the code knows. Run these tests once with {Repository.ApproveVariable}=1 and commit the file.");
    }
}
