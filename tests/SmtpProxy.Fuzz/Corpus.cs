using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.Fuzz;

/// <summary>The kept inputs: one file each, in the escaped text form of octets. Line ends of the file itself do not count.</summary>
internal static class Corpus
{
    public static IReadOnlyList<(string Name, byte[] Octets)> Load(string target) =>
    [
        .. from path in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, nameof(Corpus), target), "*.txt")
           orderby path
           select (Path.GetFileNameWithoutExtension(path), Octets.Parse(string.Concat(File.ReadLines(path)))),
    ];

    /// <summary>The file text of an input.</summary>
    public static string Text(ReadOnlySpan<byte> octets)
    {
        var text = new System.Text.StringBuilder();
        foreach (var octet in octets)
        {
            text.Append(Octets.Shown([octet]));
            if (octet == (byte)'\n')
            {
                text.Append('\n');
            }
        }

        return text.Append('\n').ToString();
    }
}
