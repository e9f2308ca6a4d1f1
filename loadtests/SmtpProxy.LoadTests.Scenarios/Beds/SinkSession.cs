using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace SmtpProxy.LoadTests.Scenarios.Beds;

/// <summary>One connection to a sink. It trusts its peer, the proxy, to speak well.</summary>
internal sealed class SinkSession(Stream stream, int number, SinkCounts counts)
{
    private static readonly StreamPipeReaderOptions Blocks = new(bufferSize: 64 * 1024);

    private readonly PipeReader _input = PipeReader.Create(stream, Blocks);
    private readonly PipeWriter _output = PipeWriter.Create(stream);
    private string _sender = "";
    private bool _isInText;
    private bool _isAtStart;
    private bool _isOver;

    /// <summary>Serves it until the peer quits or goes.</summary>
    public async Task RunAsync()
    {
        Say("220 sink.example.org ESMTP\r\n"u8);
        while (!_isOver)
        {
            await _output.FlushAsync();
            var read = await _input.ReadAsync();
            var rest = read.Buffer;
            while (!_isOver && (_isInText ? TryEndText(ref rest) : TryCommand(ref rest)))
            {
                // One unit after the other, as long as they are whole.
            }

            _input.AdvanceTo(rest.Start, rest.End);
            _isOver |= read.IsCompleted;
        }

        await _output.FlushAsync();
    }

    private bool TryEndText(ref ReadOnlySequence<byte> rest)
    {
        var reader = new SequenceReader<byte>(rest);
        if ((_isAtStart && reader.IsNext(".\r\n"u8, advancePast: true)) || reader.TryReadTo(out ReadOnlySequence<byte> _, "\r\n.\r\n"u8))
        {
            rest = rest.Slice(reader.Position);
            _isInText = false;
            counts.Add(_sender, number);
            Say("250 2.0.0 Ok\r\n"u8);
            return true;
        }

        // All but what may be the beginning of the end.
        if (rest.Length > 4)
        {
            rest = rest.Slice(rest.Length - 4);
            _isAtStart = false;
        }

        return false;
    }

    private bool TryCommand(ref ReadOnlySequence<byte> rest)
    {
        var reader = new SequenceReader<byte>(rest);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
        {
            return false;
        }

        rest = rest.Slice(reader.Position);
        Answer(Encoding.UTF8.GetString(line));
        return true;
    }

    private void Answer(string line)
    {
        switch (line.Split(' ', 2)[0].ToUpperInvariant())
        {
            case "EHLO":
                Say("250-sink.example.org\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n"u8);
                break;
            case "MAIL":
                _sender = line;
                Say("250 2.1.0 Ok\r\n"u8);
                break;
            case "DATA":
                (_isInText, _isAtStart) = (true, true);
                Say("354 Go on\r\n"u8);
                break;
            case "QUIT":
                _isOver = true;
                Say("221 2.0.0 Bye\r\n"u8);
                break;
            default:
                Say("250 2.0.0 Ok\r\n"u8);
                break;
        }
    }

    private void Say(ReadOnlySpan<byte> text) => _output.Write(text);
}
