using System.Xml.Linq;
using Xunit;

namespace SmtpProxy.ArchitectureTests;

public sealed class PackageTests
{
    private static readonly XElement[] Versions =
        [.. XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion")];

    [Fact]
    public void Packages_EveryVersion_SaysWhatItIsFor()
    {
        var silent = Versions.Where(static version => version.NodesBeforeSelf().LastOrDefault(static node => node is not XText) is not XComment);

        Violations.AssertNone(silent.Select(Name));
    }

    [Fact]
    public void Packages_EveryVersion_IsUsed()
    {
        var used = Repository.Files("*.csproj", "src", "tests", "loadtests").Append("Directory.Build.props")
            .SelectMany(static path => XDocument.Load(Repository.PathOf(path)).Descendants("PackageReference"))
            .Select(Name);

        Violations.AssertNone(Versions.Select(Name).Except(used));
    }

    private static string Name(XElement element) => (string)element.Attribute("Include")!;
}
