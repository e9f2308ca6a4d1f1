using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace SmtpProxy.Accounting;

/// <summary>Names of enum members as they leave the process: lower case with underscores (<c>client_closed</c>).</summary>
/// <typeparam name="T">An enum over <see cref="byte"/> whose values count from 0 without a gap.</typeparam>
internal static class EnumLabels<T>
    where T : struct, Enum
{
    private static readonly string[] Names = [.. Enum.GetValues<T>().Select(static value => ToSnakeCase(value.ToString()))];

    /// <summary>The name of <paramref name="value"/>, without an allocation.</summary>
    public static string Of(T value)
    {
        Debug.Assert(Unsafe.SizeOf<T>() == 1, "The enum is over byte.");
        var index = Unsafe.BitCast<T, byte>(value);
        return index < Names.Length ? Names[index] : "unknown";
    }

    private static string ToSnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
