using SmtpProxy.Configuration;

namespace SmtpProxy.Routing;

/// <summary>Which destinations a route admits. A destination without the label is outside.</summary>
internal static class LabelConstraints
{
    public static bool Admit(IReadOnlyDictionary<string, IReadOnlyList<string>> constraints, DestinationConfig destination)
    {
        // Asking for the count first spares most routes the enumerator.
        if (constraints.Count == 0)
        {
            return true;
        }

        foreach (var (label, values) in constraints)
        {
            if (!destination.Labels.TryGetValue(label, out var value) || !Contains(values, value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Contains(IReadOnlyList<string> values, string value)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (string.Equals(values[i], value, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
