using SmtpProxy.TestKit.Cases;

namespace SmtpProxy.FunctionalTests;

/// <summary>The cases of this project.</summary>
internal static class CaseLibrary
{
    /// <summary>All variants.</summary>
    public static IReadOnlyList<CaseVariant> All { get; } = CaseFile.ReadAll(Path.Combine(AppContext.BaseDirectory, "Cases"));

    public static CaseVariant Get(string name) => All.Single(variant => variant.Name == name);

    /// <summary>How long a variant waits by itself: those that wait longest are best begun first.</summary>
    public static int WaitOf(CaseVariant variant) => variant.ClientSteps.Sum(step => (step.WaitMs ?? 0) + (step.ExpectSilenceMs ?? 0));
}
