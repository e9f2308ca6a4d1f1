using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using SmtpProxy.Protocol;

namespace SmtpProxy.Benchmarks;

/// <summary>Finding the end of a message text of 64 KiB.</summary>
[MemoryDiagnoser]
public class EndOfDataBenchmarks
{
    private const int Size = 64 * 1024;

    private ReadOnlySequence<byte> _text;

    /// <summary>Octets of a line with its end; a text of short lines is the hard case.</summary>
    [Params(4, 78, 998)]
    public int LineLength { get; set; }

    /// <summary>Builds the text.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var text = new StringBuilder();
        while (text.Length < Size)
        {
            text.Append('x', LineLength - 2).Append("\r\n");
        }

        _text = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(text.Append(".\r\n").ToString()));
    }

    /// <summary>Scans it in one piece.</summary>
    [Benchmark]
    public long Scan() => new MessageEndScanner(BareNewlinePolicy.RejectAmbiguousEnd).Scan(_text).Consumed;
}
