using System.Diagnostics.CodeAnalysis;

namespace SmtpProxy.Fuzz;

/// <summary>Checks of invariants.</summary>
internal static class Require
{
    public static void That([DoesNotReturnIf(false)] bool holds, string invariant)
    {
        if (!holds)
        {
            throw new FuzzFailureException(invariant);
        }
    }
}
