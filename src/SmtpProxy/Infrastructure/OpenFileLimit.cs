using System.Globalization;

namespace SmtpProxy.Infrastructure;

/// <summary>How many files, sockets among them, the system lets this process have open (getrlimit(2), RLIMIT_NOFILE).</summary>
internal static class OpenFileLimit
{
    private const string Row = "Max open files";
    private const string Open = "/proc/self/fd";

    /// <summary>How many more than now; <see cref="int.MaxValue"/> where there is no limit. What the runtime has open counts: each library does.</summary>
    public static int ReadFree() => Read() is var limit and < int.MaxValue && Directory.Exists(Open)
        ? Math.Max(0, limit - Directory.EnumerateFileSystemEntries(Open).Count()) : int.MaxValue;

    /// <summary>The limit in force; <see cref="int.MaxValue"/> where there is none, or none that can be read.</summary>
    public static int Read(string file = "/proc/self/limits")
    {
        try
        {
            return File.Exists(file) && File.ReadLines(file).FirstOrDefault(static line => line.StartsWith(Row, StringComparison.Ordinal)) is { } line
                ? Parse(line.AsSpan(Row.Length).TrimStart()) : int.MaxValue;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return int.MaxValue;
        }
    }

    private static int Parse(ReadOnlySpan<char> columns)
    {
        var end = columns.IndexOf(' ');
        return int.TryParse(end < 0 ? columns : columns[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var soft) ? soft : int.MaxValue;
    }
}
