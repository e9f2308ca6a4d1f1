using System.Text.RegularExpressions;

namespace SmtpProxy.TestKit.Servers;

/// <summary>What a sink reads out of commands.</summary>
internal static partial class SinkPatterns
{
    [GeneratedRegex("^[A-Za-z0-9-]*")]
    public static partial Regex Verb();

    [GeneratedRegex(@"[\x00-\x08\x0b\x0c\x0e-\x1f]")]
    public static partial Regex ControlOctet();

    [GeneratedRegex(@"^SIZE (\d+)", RegexOptions.IgnoreCase)]
    public static partial Regex SizeLimit();

    [GeneratedRegex(@" SIZE=(\d+)", RegexOptions.IgnoreCase)]
    public static partial Regex SizeParameter();

    [GeneratedRegex(@" ADDR=(\S+)")]
    public static partial Regex ClientAddress();

    [GeneratedRegex("<([^>]*)>")]
    public static partial Regex Path();

    [GeneratedRegex(@"(?<=^\S+ +)\d+")]
    public static partial Regex BinarySize();
}
