using System.Buffers;
using BenchmarkDotNet.Attributes;
using SmtpProxy.Protocol;

namespace SmtpProxy.Benchmarks;

/// <summary>What the proxy reads of one pipelined message: five lines cut, parsed, and the two paths read.</summary>
[MemoryDiagnoser]
public class CommandBenchmarks
{
    private readonly ReadOnlySequence<byte> _group = new(
        "EHLO client.example.com\r\nMAIL FROM:<sender@example.com> SIZE=4096 BODY=8BITMIME\r\nRCPT TO:<recipient@example.net>\r\nDATA\r\nQUIT\r\n"u8.ToArray());

    private readonly byte[] _mail = "FROM:<sender@example.com> SIZE=4096 BODY=8BITMIME"u8.ToArray();
    private readonly byte[] _recipient = "TO:<recipient@example.net> NOTIFY=FAILURE ORCPT=rfc822;recipient@example.net"u8.ToArray();
    private readonly byte[] _quotedMail = "FROM:<@relay.example:\"a b\\\"@c>\"@example.com> SIZE=4096"u8.ToArray();

    /// <summary>Cuts and parses the whole group.</summary>
    [Benchmark]
    public int Lines()
    {
        var buffer = _group;
        var reader = new SmtpLineReader(SmtpLimits.CommandLine);
        var known = 0;
        while (reader.TryRead(ref buffer, out var line) == LineStatus.Line)
        {
            known += SmtpCommandParser.Parse(line.FirstSpan).Verb == SmtpVerb.Unknown ? 0 : 1;
        }

        return known;
    }

    /// <summary>An ordinary MAIL FROM.</summary>
    [Benchmark]
    public long MailFrom() => EnvelopeParser.ParseMail(_mail, lenient: true).Size;

    /// <summary>A MAIL FROM with a source route and a quoted local part.</summary>
    [Benchmark]
    public long QuotedMailFrom() => EnvelopeParser.ParseMail(_quotedMail, lenient: true).Size;

    /// <summary>A RCPT TO with what DSN adds.</summary>
    [Benchmark]
    public bool RecipientTo() => EnvelopeParser.ParseRecipient(_recipient, lenient: true).Status == EnvelopeStatus.Ok;
}
