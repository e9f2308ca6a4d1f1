using System.Buffers;
using System.Text;
using SmtpProxy.Protocol;

namespace SmtpProxy.Fuzz.Targets;

/// <summary>What was read of MAIL and RCPT is written as one line, which a strict reader reads as the same path and parameters.</summary>
internal sealed class PathTarget : IFuzzTarget
{
    private static readonly SearchValues<char> NotInPath = SearchValues.Create("<>()\", \t\\;");
    private static readonly SearchValues<char> NotInDomain = SearchValues.Create("<>()\"@\\");

    public string Name => "path";

    public ValueTask<int> RunAsync(byte[] input, int seed)
    {
        var command = SmtpCommandParser.Parse(input);
        if (command.IsMalformed || command.Verb is not (SmtpVerb.Mail or SmtpVerb.Rcpt))
        {
            return ValueTask.FromResult(-1);
        }

        var isMail = command.Verb == SmtpVerb.Mail;
        var strict = Read(command.Argument, isMail, lenient: false);
        var read = Read(command.Argument, isMail, lenient: true);
        Require.That(strict.Status != EnvelopeStatus.Ok || read.Status == EnvelopeStatus.Ok, "what is right is right for a lenient reader too");
        if (read.Status == EnvelopeStatus.Ok)
        {
            CheckWritten(read, isMail);
        }

        return ValueTask.FromResult(((int)read.Status << 24) ^ ((int)strict.Status << 20) ^ ((int)read.Required << 4) ^ (int)read.Body ^ (read.HasUtf8Path ? 8 : 0));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static EnvelopeCommand Read(ReadOnlySpan<byte> argument, bool isMail, bool lenient) =>
        isMail ? EnvelopeParser.ParseMail(argument, lenient) : EnvelopeParser.ParseRecipient(argument, lenient);

    private static void CheckWritten(in EnvelopeCommand read, bool isMail)
    {
        var written = new ArrayBufferWriter<byte>();
        if (isMail)
        {
            EnvelopeWriter.WriteMail(written, read);
        }
        else
        {
            EnvelopeWriter.WriteRecipient(written, read);
        }

        var line = written.WrittenSpan;
        Require.That(line.EndsWith("\r\n"u8), "a command ends in CRLF");
        var again = SmtpCommandParser.Parse(line[..^2]);
        Require.That(!again.IsMalformed && again.Verb == (isMail ? SmtpVerb.Mail : SmtpVerb.Rcpt), "no control octet gets through");
        var second = Read(again.Argument, isMail, lenient: false);
        Require.That(second.Status == EnvelopeStatus.Ok, $"a strict reader takes what was written, but says {second.Status}");
        Require.That(second.Path.Octets.SequenceEqual(read.Path.Octets), "a strict reader sees the same path");
        Require.That(second.Parameters.SequenceEqual(read.Parameters), "a strict reader sees the same parameters");
        Require.That(second.Required == read.Required && second.Size == read.Size && second.Body == read.Body, "and they mean the same");
        CheckPath(Encoding.Latin1.GetString(read.Path.Octets), Encoding.Latin1.GetString(read.Path.Domain));
    }

    // A server may cut a path at its first '>', or take what stands before another '@' or in a comment for something else.
    private static void CheckPath(string path, string domain)
    {
        if (!path.StartsWith('"'))
        {
            Require.That(!path.AsSpan().ContainsAny(NotInPath), "an unquoted path holds nothing that could end it");
            Require.That(path.Count(static c => c == '@') <= 1, "an unquoted path holds one @");
        }

        Require.That(!domain.AsSpan().ContainsAny(NotInDomain), "a domain holds nothing that could end it");
    }
}
