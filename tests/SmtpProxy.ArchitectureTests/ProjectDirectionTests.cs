using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace SmtpProxy.ArchitectureTests;

public sealed class ProjectDirectionTests
{
    [Fact]
    public void Protocol_Assembly_ReferencesTheBaseLibraryOnly()
    {
        var references = Assembly.Load("SmtpProxy.Protocol").GetReferencedAssemblies().Select(static name => name.Name!);

        Assert.All(references, static name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
        Assert.Empty(Items("SmtpProxy.Protocol", "PackageReference"));
        Assert.Empty(Items("SmtpProxy.Protocol", "FrameworkReference"));
    }

    [Theory]
    [InlineData("SmtpProxy.Protocol", "")]
    [InlineData("SmtpProxy", "SmtpProxy.Protocol")]
    [InlineData("SmtpProxy.Etcd", "SmtpProxy")]
    [InlineData("SmtpProxy.Transport", "")]
    [InlineData("SmtpProxy.Host", "SmtpProxy SmtpProxy.Etcd SmtpProxy.Transport")]
    public void Project_References_GoOneWay(string project, string expected)
    {
        var references = Items(project, "ProjectReference").Select(static path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

        Assert.Equal(expected, string.Join(' ', references.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Etcd_Client_IsSeenByItsProjectOnly()
    {
        var projects = Repository.Files("*.csproj", "src")
            .Where(static path => File.ReadAllText(Repository.PathOf(path)).Contains("\"dotnet-etcd\"", StringComparison.Ordinal));

        Assert.Equal(["src/SmtpProxy.Etcd/SmtpProxy.Etcd.csproj"], projects);
    }

    [Fact]
    public void LoadTests_Projects_CallNothingOfTheProduct()
    {
        // They measure what a client sees; the program is built beside them and started as a process.
        var violations =
            from path in Repository.Files("*.csproj", "loadtests")
            where path.Contains(".LoadTests", StringComparison.Ordinal)
            from reference in XDocument.Load(Repository.PathOf(path)).Descendants("ProjectReference")
            let target = (string)reference.Attribute("Include")!
            where target.Contains("/src/", StringComparison.Ordinal) && (string?)reference.Attribute("ReferenceOutputAssembly") != "false"
            select $"{path} uses {target}";

        Violations.AssertNone(violations);
    }

    [Fact]
    public void Solution_LoadTestsOfNBomber_AreNotPartOfIt()
    {
        // Its package is not served everywhere: it would break the build of everything else.
        Assert.DoesNotContain("NBomber", File.ReadAllText(Repository.PathOf("SmtpProxy.sln")), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(Repository.PathOf($"src/{project}/{project}.csproj")).Descendants(kind).Select(static item => (string)item.Attribute("Include")!);
}
