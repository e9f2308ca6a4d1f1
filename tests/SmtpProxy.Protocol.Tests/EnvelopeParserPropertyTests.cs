using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

/// <summary>What holds for any path: proxy and server see the same one.</summary>
public sealed class EnvelopeParserPropertyTests
{
    // What could end a path or a line for somebody.
    private static readonly string[] Hostile = ["a", ".b", "\r", "\n", "\0", "<", ">", "\"", "\\", " ", "(", ",", ":", "@", "[", "]", "\u00c3\u00bc"];

    private delegate EnvelopeCommand Reader(ReadOnlySpan<byte> argument);

    [Fact]
    public void ParseThenWrite_AnyValidPath_KeepsItsOctets() => Prop.ForAll(EnvelopePaths.Any, static made =>
    {
        var read = EnvelopeParser.ParseMail(Wire.Octets(made.Argument), lenient: false);

        Assert.Equal(EnvelopeStatus.Ok, read.Status);
        Assert.Equal(made.Mailbox, Wire.Text(read.Path.Octets));
        Assert.StartsWith($"MAIL FROM:<{made.Mailbox}>", Write(EnvelopeWriter.WriteMail, read), StringComparison.Ordinal);
        CheckWritten(read, isMail: true);
    }).Check(Arrival.Many);

    [Fact]
    public void ParseThenWrite_AnyOctets_NeverThrowsAndWritesOneLineThatMeansTheSame() => Prop.ForAll(
        Gen.OneOf(
            Arrival.AnyOctets,
            Arrival.Of("<", ">", "a", "@", "b.c", "\"", "\\", " ", "(", ",", ":", "[", "]", "\u00c3\u00bc", "SMTPUTF8", "SIZE=1", "\r", "\n", "<a@b>"),
            Arrival.Of(Hostile).Select(static domain => (byte[])[.. "<a@b"u8, .. domain, (byte)'>']),
            Arrival.Of(Hostile).Select(static local => (byte[])[.. "<"u8, .. local, .. "@b>"u8]),
            Arrival.Of(Hostile).Select(static local => (byte[])[.. "<\""u8, .. local, .. "\"@b>"u8]),
            Arrival.Of("<a@b>", " SIZE=1", " BODY=8BITMIME", " SMTPUTF8", " RET=HDRS", " ENVID=a+2Bb", " NOTIFY=NEVER", " ORCPT=rfc822;a", " X=", "\r\n"))
            .ToArbitrary(),
        Gen.Elements(true, false).ToArbitrary(),
        static (octets, lenient) =>
        {
            Check([.. "FROM:"u8, .. octets], argument => EnvelopeParser.ParseMail(argument, lenient), isMail: true);
            Check([.. "TO:"u8, .. octets], argument => EnvelopeParser.ParseRecipient(argument, lenient), isMail: false);
            Check(octets, argument => EnvelopeParser.ParseMail(argument, lenient), isMail: true);
        }).Check(Arrival.Many);

    private static void Check(byte[] argument, Reader parse, bool isMail)
    {
        var read = parse(argument);
        if (read.Status == EnvelopeStatus.Ok)
        {
            Assert.True(argument.AsSpan().IndexOf(read.Path.Octets) >= 0);
            CheckWritten(read, isMail);
        }
    }

    private static void CheckWritten(in EnvelopeCommand read, bool isMail)
    {
        var line = isMail ? Write(EnvelopeWriter.WriteMail, read) : Write(EnvelopeWriter.WriteRecipient, read);
        Assert.EndsWith("\r\n", line, StringComparison.Ordinal);
        Assert.False(line.AsSpan()[..^2].ContainsAny('\r', '\n'), line);

        var argument = Wire.Octets(line[5..^2]);
        var again = isMail ? EnvelopeParser.ParseMail(argument, lenient: false) : EnvelopeParser.ParseRecipient(argument, lenient: false);
        Assert.Equal(EnvelopeStatus.Ok, again.Status);
        Assert.True(again.Path.Octets.SequenceEqual(read.Path.Octets), line);
        Assert.True(again.Path.Domain.SequenceEqual(read.Path.Domain), line);
        Assert.True(again.Parameters.SequenceEqual(read.Parameters), line);
    }

    private static string Write(Writer write, in EnvelopeCommand command)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output, command);
        return Wire.Text(output.WrittenSpan);
    }

    private static string Write(MailWriter write, in EnvelopeCommand command) =>
        Write((IBufferWriter<byte> output, in EnvelopeCommand mail) => write(output, mail), command);

    private delegate void Writer(IBufferWriter<byte> output, in EnvelopeCommand command);

    private delegate void MailWriter(IBufferWriter<byte> output, in EnvelopeCommand command, bool withParameters = true);
}
