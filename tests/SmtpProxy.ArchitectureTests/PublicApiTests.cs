using System.Reflection;
using Xunit;

namespace SmtpProxy.ArchitectureTests;

/// <summary>What is public is a promise to users of the library; PublicApi.txt lists it, so that nothing becomes one by accident.</summary>
public sealed class PublicApiTests
{
    private const string ApprovedFile = "tests/SmtpProxy.ArchitectureTests/PublicApi.txt";

    [Fact]
    public void Libraries_PublicTypes_AreTheApprovedOnes()
    {
        var actual = new[] { "SmtpProxy", "SmtpProxy.Etcd", "SmtpProxy.Protocol" }
            .SelectMany(static name => Assembly.Load(name).GetExportedTypes(), static (name, type) => $"{name}: {Describe(type)}")
            .Order(StringComparer.Ordinal)
            .ToArray();
        var path = Repository.PathOf(ApprovedFile);
        if (Repository.IsApproving)
        {
            File.WriteAllLines(path, actual);
        }

        var approved = File.ReadAllLines(path);
        var differences = actual.Except(approved).Select(static line => "+ " + line).Concat(approved.Except(actual).Select(static line => "- " + line)).ToArray();

        Assert.True(
            differences.Length == 0,
            $"The public types differ from {ApprovedFile}:\n{string.Join('\n', differences)}\n"
            + $"If that is meant, run these tests once with {Repository.ApproveVariable}=1 and commit the file.");
    }

    private static string Describe(Type type)
    {
        var kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsSealed: true } => "sealed class",
            { IsAbstract: true } => "abstract class",
            _ when type.IsSubclassOf(typeof(Delegate)) => "delegate",
            _ => "class",
        };
        return $"{kind} {type.FullName}";
    }
}
