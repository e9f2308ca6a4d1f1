using System.Buffers;
using BenchmarkDotNet.Attributes;
using SmtpProxy.Protocol;

namespace SmtpProxy.Benchmarks;

/// <summary>What the proxy reads from a server.</summary>
[MemoryDiagnoser]
public class ReplyBenchmarks
{
    private readonly ReadOnlySequence<byte> _group = new(
        "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n250 2.0.0 Ok: queued as 4Zx1Bq2cPz\r\n"u8.ToArray());

    private readonly ReadOnlySequence<byte> _ehlo = new(
        "250-mx.example.com\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250 SMTPUTF8\r\n"u8.ToArray());

    /// <summary>The four replies of one message.</summary>
    [Benchmark]
    public int Message() => Read(_group);

    /// <summary>A reply to EHLO.</summary>
    [Benchmark]
    public int Multiline() => Read(_ehlo);

    private static int Read(ReadOnlySequence<byte> buffer)
    {
        var parser = new SmtpReplyParser(SmtpLimits.ReplyLine, SmtpLimits.Reply, SmtpLimits.ReplyLines);
        var codes = 0;
        while (parser.TryRead(ref buffer, out var reply) == ReplyStatus.Complete)
        {
            codes += reply.Code;
        }

        return codes;
    }
}
