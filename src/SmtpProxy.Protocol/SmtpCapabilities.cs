using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SmtpProxy.Protocol;

/// <summary>What a server offers in its reply to EHLO (RFC 5321 section 4.1.1.1).</summary>
/// <param name="Extensions">Extensions offered.</param>
/// <param name="SizeLimit">The fixed limit of SIZE in octets, 0 when there is none (RFC 1870 section 4).</param>
public readonly record struct SmtpCapabilities(SmtpExtensions Extensions, long SizeLimit)
{
    /// <summary>What XCLIENT may tell.</summary>
    public ClientAttributes XClient { get; init; }

    /// <summary>What XFORWARD may tell.</summary>
    public ClientAttributes XForward { get; init; }

    /// <summary>Nothing offered, as after HELO.</summary>
    public static SmtpCapabilities None => default;

    /// <summary>SASL mechanisms of AUTH, in upper case with a blank between them; null when there is none (RFC 4954 section 3).</summary>
    public string? Mechanisms { get; init; }

    /// <summary>True when AUTH is offered with this mechanism.</summary>
    public bool HasMechanism(string name) => SaslMechanisms.Contains(Mechanisms, name);

    /// <summary>True when all of <paramref name="extensions"/> are offered.</summary>
    public bool Has(SmtpExtensions extensions) => (Extensions & extensions) == extensions;

    /// <summary>Reads a 250 reply to EHLO; its first line is the server's name.</summary>
    public static bool TryParseReply(in SmtpReply reply, out SmtpCapabilities capabilities)
    {
        capabilities = None;
        if (reply.Code != 250)
        {
            return false;
        }

        var text = reply.Octets.IsSingleSegment ? reply.Octets.FirstSpan : reply.Octets.ToArray();
        var isFirst = true;
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = (end < 0 ? text : text[..end]).TrimEnd("\r "u8);
            text = end < 0 ? default : text[(end + 1)..];
            if (!isFirst && line.Length > 4)
            {
                capabilities = capabilities.With(line[4..]);
            }

            isFirst = false;
        }

        return true;
    }

    /// <summary>Reads EHLO lines as an operator writes them, such as <c>SIZE 10240000</c>.</summary>
    /// <param name="ehloLines">One keyword with its arguments each.</param>
    /// <param name="capabilities">What they offer.</param>
    /// <param name="offendingLine">The first line that is no known keyword, or null.</param>
    public static bool TryParseLines(IEnumerable<string> ehloLines, out SmtpCapabilities capabilities, out string? offendingLine)
    {
        ArgumentNullException.ThrowIfNull(ehloLines);
        capabilities = None;
        offendingLine = null;
        foreach (var line in ehloLines)
        {
            var next = capabilities.With(Encoding.UTF8.GetBytes(line));
            if (next == capabilities && Find(Keyword(Encoding.UTF8.GetBytes(line))) == SmtpExtensions.None)
            {
                offendingLine = line;
                return false;
            }

            capabilities = next;
        }

        return true;
    }

    /// <summary>What both offer; of two size limits the smaller one.</summary>
    public SmtpCapabilities Intersect(SmtpCapabilities other)
    {
        var smaller = SizeLimit == 0 ? other.SizeLimit : other.SizeLimit == 0 ? SizeLimit : Math.Min(SizeLimit, other.SizeLimit);
        var common = Extensions & other.Extensions;
        return new SmtpCapabilities(common, (common & SmtpExtensions.Size) != 0 ? smaller : 0)
        {
            Mechanisms = SaslMechanisms.Intersect(Mechanisms, other.Mechanisms),
        };
    }

    private SmtpCapabilities With(ReadOnlySpan<byte> line)
    {
        var keyword = Keyword(line);
        var extension = Find(keyword);
        var arguments = line[keyword.Length..].Trim((byte)' ');
        var with = this with { Extensions = Extensions | extension };
        return extension switch
        {
            SmtpExtensions.Size => Utf8Parser.TryParse(arguments, out long size, out _) && size > 0 ? with with { SizeLimit = size } : with,
            SmtpExtensions.XClient => with with { XClient = ClientAttributeKeywords.Parse(arguments) },
            SmtpExtensions.XForward => with with { XForward = ClientAttributeKeywords.Parse(arguments) },
            SmtpExtensions.Auth => with with { Mechanisms = SaslMechanisms.Add(Mechanisms, line[keyword.Length..]) },
            _ => with,
        };
    }

    // AUTH=LOGIN is how some servers still say AUTH LOGIN.
    private static ReadOnlySpan<byte> Keyword(ReadOnlySpan<byte> line) =>
        line.IndexOfAny((byte)' ', (byte)'=') is var end and >= 0 ? line[..end] : line;

    private static SmtpExtensions Find(ReadOnlySpan<byte> keyword)
    {
        foreach (var (name, extension) in ExtensionKeywords.All)
        {
            if (Ascii.EqualsIgnoreCase(keyword, name))
            {
                return extension;
            }
        }

        return SmtpExtensions.None;
    }
}
