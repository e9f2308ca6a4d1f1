using SmtpProxy.TestKit.Cases;

namespace SmtpProxy.FunctionalTests;

/// <summary>The cases of this project.</summary>
internal static class CaseLibrary
{
    /// <summary>All variants.</summary>
    public static IReadOnlyList<CaseVariant> All { get; } = CaseFile.ReadAll(Path.Combine(AppContext.BaseDirectory, "Cases"));

    public static CaseVariant Get(string name) => All.Single(variant => variant.Name == name);
}
