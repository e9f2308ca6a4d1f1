using System.Net;
using System.Text.RegularExpressions;
using SmtpProxy.Accounting;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using Xunit;

namespace SmtpProxy.Tests.Accounting;

public sealed partial class PostfixFormatTests
{
    [Fact]
    public void Write_RelayedMessage_HasTheShapeOfTheContract()
    {
        Assert.Equal(
            "s1AB.1: client=unknown[192.0.2.7], from=<a@x.example>, nrcpt=2, affinity=hit, relay=mta2[10.0.0.6]:25, tries=2, "
            + "delays=0.01/0/1.2/12, dsn=2.0.0, status=relayed (250 2.0.0 Ok: queued as 4Zx1)\n",
            Line(Records.Relayed()));
    }

    [Theory]
    [InlineData(TransactionOutcome.Relayed, "relayed")]
    [InlineData(TransactionOutcome.Deferred, "deferred")]
    [InlineData(TransactionOutcome.Rejected, "rejected")]
    [InlineData(TransactionOutcome.Lost, "lost")]
    [InlineData(TransactionOutcome.Aborted, "aborted")]
    public void Write_Outcome_IsTheStatus(TransactionOutcome outcome, string status)
    {
        Assert.Equal(status, Parse(Line(Records.Relayed() with { Outcome = outcome })).Groups["status"].Value);
    }

    [Fact]
    public void Write_AbortedWithoutServer_SaysSo()
    {
        var record = Records.Relayed() with
        {
            Attempts = [],
            Outcome = TransactionOutcome.Aborted,
            Stage = TransactionStage.None,
            Code = 0,
            Enhanced = default,
            ReplyText = "",
        };

        var line = Line(record);

        Assert.Contains(", relay=none, tries=0, ", line, StringComparison.Ordinal);
        Assert.EndsWith(", dsn=-, status=aborted (no reply; stage none)\n", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(451, "4.0.0")]
    [InlineData(550, "5.0.0")]
    public void Write_ReplyWithoutEnhancedCode_DerivesTheDsnFromTheClass(int code, string dsn)
    {
        Assert.Equal(dsn, Parse(Line(Records.Relayed() with { Code = code, Enhanced = default })).Groups["dsn"].Value);
    }

    [Fact]
    public void Write_ReplyTextWithItsCode_DoesNotRepeatTheCode()
    {
        Assert.EndsWith("(250 2.0.0 Ok)\n", Line(Records.Relayed(reply: "250 2.0.0 Ok")), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ReplyOfSeveralLines_IsOneLine()
    {
        Assert.EndsWith("(250 2.6.0 first 250 2.6.0 second)\n", Line(Records.Relayed(reply: "2.6.0 first\r\n250 2.6.0 second\r\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_MappedClientAddress_IsIPv4()
    {
        var record = Records.Relayed() with { Envelope = Records.Envelope("a@x", client: IPAddress.Parse("::ffff:192.0.2.9")) };

        Assert.Contains("client=unknown[192.0.2.9],", Line(record), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DestinationWithoutConnection_HasNoAddress()
    {
        var record = Records.Relayed() with { Attempts = [Records.Attempt("mta1") with { EndPoint = null }] };

        Assert.Contains(", relay=mta1, tries=1, ", Line(record), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x>, nrcpt=9, affinity=hit, relay=evil[1.2.3.4]:25, tries=1, delays=0/0/0/0, dsn=2.0.0, status=relayed (250 ok)@y")]
    [InlineData("a\r\nNov 25 00:00:00 mx s9.1: client=unknown[9.9.9.9], status=relayed (forged)@y")]
    [InlineData("a\n@x")]
    [InlineData("\"quoted, status=lost\"@x")]
    [InlineData("tab\tand\0nul\u001b[31m\u007f@x")]
    [InlineData("back\\slash@x")]
    [InlineData("\u0085\u2028\u202e@x")]
    [InlineData("m\u00fcller@\U0001F4E7.example")]
    [InlineData("\ud83d")]
    public void Write_HostileSender_CannotBreakTheLine(string sender)
    {
        var line = Line(Records.Relayed(sender));

        AssertIntact(line);
        var match = Parse(line);
        Assert.Equal("mta2[10.0.0.6]:25", match.Groups["relay"].Value);
        Assert.Equal("relayed", match.Groups["status"].Value);
        Assert.Equal(sender == "\ud83d" ? "\ufffd" : sender, Unescape(match.Groups["from"].Value));
        Assert.Single(StatusField().Matches(line));
    }

    [Theory]
    [InlineData("5.1.1 <x>, status=relayed (250 2.0.0 Ok)")]
    [InlineData("5.1.1 unknown\r\ns9.1: client=unknown[9.9.9.9], status=relayed (forged)")]
    [InlineData("5.1.1 STATUS=relayed dsn=2.0.0")]
    [InlineData("5.1.1 \"quote")]
    public void Write_HostileReply_CannotForgeAField(string reply)
    {
        var line = Line(Records.Relayed(reply: reply) with { Outcome = TransactionOutcome.Rejected, Code = 550, Enhanced = new EnhancedStatusCode(5, 1, 1) });

        AssertIntact(line);
        Assert.Equal("rejected", Parse(line).Groups["status"].Value);
        Assert.Equal("rejected", Assert.Single(StatusField().Matches(line)).Groups["status"].Value);
        Assert.Single(DsnField().Matches(line));
    }

    [Fact]
    public void Write_ReplyOfExchange_KeepsItsEqualsSigns()
    {
        Assert.Contains("[InternalId=42, Hostname=mx]", Line(Records.Relayed(reply: "2.6.0 <i@h> [InternalId=42, Hostname=mx] Queued")), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LongTexts_AreCutAndTheLineFits()
    {
        var wide = new string('\u4e2d', 4000);
        var record = Records.Relayed(wide, wide, wide) with { Route = wide, Cluster = wide, Attempts = [Records.Attempt(wide) with { EndPoint = new DnsEndPoint(wide, 25) }] };

        var line = Line(record);

        Assert.EndsWith("...)\n", line, StringComparison.Ordinal);
        Assert.True(line.Length <= LineBuffer.Size, $"{line.Length} octets");
        AssertIntact(line);
    }

    [Theory]
    [InlineData("u1@example.com", "client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=u1@example.com, from=<")]
    [InlineData("u, status=lost", "client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=u\\u002c\\u0020status=lost, from=<")]
    [InlineData(null, "client=unknown[192.0.2.7], sasl_method=PLAIN, from=<")]
    public void Write_ClientThatHasLoggedIn_HasItsName(string? user, string expected)
    {
        var record = Records.Relayed();

        Assert.Contains(
            expected, Line(record with { Envelope = record.Envelope with { Login = new ClientLogin("PLAIN", user) } }), StringComparison.Ordinal);
    }

    private static string Line(TransactionRecord record)
    {
        var sink = new ListSink();
        new TransactionLog(LogFormat.Postfix, sink).OnCompleted(record);
        return Assert.Single(sink.Lines);
    }

    private static Match Parse(string line)
    {
        var match = Shape().Match(line);
        Assert.True(match.Success, line);
        return match;
    }

    private static void AssertIntact(string line)
    {
        Assert.EndsWith("\n", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line[..^1], static c => c is < ' ' or > '~');
    }

    private static string Unescape(string text) =>
        Escape().Replace(text, static m => ((char)Convert.ToInt32(m.Groups[1].Value, 16)).ToString());

    [GeneratedRegex(@"^(?<id>\S+): client=(?<client>\S+), from=<(?<from>[^>]*)>, nrcpt=(?<nrcpt>\d+), affinity=(?<affinity>\w+), relay=(?<relay>[^,]+), tries=(?<tries>\d+), delays=(?<delays>[\d./]+), dsn=(?<dsn>[\d.-]+), status=(?<status>\w+) \((?<reply>.*)\)$")]
    private static partial Regex Shape();

    [GeneratedRegex(@"[ ,(]status=(?<status>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex StatusField();

    [GeneratedRegex(@"[ ,(]dsn=", RegexOptions.IgnoreCase)]
    private static partial Regex DsnField();

    [GeneratedRegex(@"\\u([0-9a-f]{4})")]
    private static partial Regex Escape();
}
