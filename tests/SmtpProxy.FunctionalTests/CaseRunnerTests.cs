using SmtpProxy.FunctionalTests.Fakes;
using SmtpProxy.TestKit.Cases;
using Xunit;

namespace SmtpProxy.FunctionalTests;

/// <summary>The player is right about what one good server can pass, and finds what is not right.</summary>
public class CaseRunnerTests
{
    private const string Greet = """{ "expect": "^220 " }, { "send": "EHLO client.example.com\\r\\n" }, { "expect": "(?m)^250 [^\\r\\n]*\\r\\n" }""";

    private const string Mail = Greet + """
        , { "send": "MAIL FROM:<a@example.com>\\r\\nRCPT TO:<r@example.org>\\r\\nDATA\\r\\n" }, { "expect": "(?m)^354[^\\r\\n]*\\r\\n" },
        { "send": "Subject: x\\r\\n\\r\\n..text\\r\\n.\\r\\n" }, { "expect": "^250 [^\\r\\n]*queued[^\\r\\n]*\\r\\n" }
        """;

    public static TheoryData<string> OnesThatAServerPasses =>
    [
        .. CaseLibrary.All.Where(variant => variant.Id is "C03" or "C13" && !variant.Config.Starttls).Select(variant => variant.Name),
        "C14 / backend offers PIPELINING, banner after 500 ms",
        "C14 / client closes right after the first write",
    ];

    public static TheoryData<string> OnesThatNeedAProxy =>
    [
        "C01 / LF.LF", "C01 / CRCRLF.CRCRLF", "C07", "C08", "C10", "C11 / one packet", "C12 / full replies", "C12 / STARTTLS not offered at all", "C14 / backend without PIPELINING",
        "C17 / connect and FIN at once", "C17 / EHLO, QUIT in two steps", "C18 / accepted", "C21 / XCLIENT out", "C22 / no FROM", "C22 / lower case verb, upper case domain",
        "C27 / single label", "C30", "C31 / endless continuation lines", "C33 / 421 and FIN while idle", "C34 / DATA, FIN",
        "C34 / DATA, two digits of a reply, then FIN", "C37", "C43",
    ];

    public static TheoryData<string, string> Rights => new()
    {
        { Mail, """{ "where": "messages", "count": 1, "match": "^Subject: x\\r\\n\\r\\n\\.text\\r\\n$" }""" },
        { Mail, """{ "where": "messages", "exact": "Subject: x\\r\\n\\r\\n.text\\r\\n" }""" },
        { Mail, """{ "where": "wire_data", "exact_parts": [{ "bytes": "Subject: x\\r\\n\\r\\n" }, { "bytes": ".", "repeat": 2 }, { "bytes": "text\\r\\n.\\r\\n" }] }""" },
        { Mail, """{ "where": "raw", "match": "^EHLO client", "not_match": "QUIT" }""" },
        { Mail, """{ "where": "commands", "match": "^(?:MAIL|RCPT)", "not_match": "^AUTH", "count": 2 }""" },
        { Mail, """{ "where": "max_outstanding_commands", "count": 3 }""" },
        { Mail, """{ "where": "connections", "le": 1 }""" },
        { Greet + """, { "expect_silence_ms": 50 }, { "half_close": true }, { "expect_close": true }""", """{ "where": "messages", "count": 0 }""" },
        { Greet + """, { "expect": "^220 ", "conn": "c2" }, { "close": "rst", "conn": "c2" }""", """{ "where": "max_concurrent_connections", "count": 2 }""" },
        { Greet + """, { "only_if_last": "^never", "send": "QUIT\\r\\n" }, { "expect_total": "^220[^$]*PIPELINING" }""", """{ "where": "connections", "count": 1 }""" },
        { """{ "control": "proxy.sigterm" }, { "expect_connect_refused": true }, { "control": "assert.proxy_exit", "within_ms": 2000 }""",
            """{ "where": "connections", "count": 0 }""" },
    };

    public static TheoryData<string, string, string> Wrongs => new()
    {
        { """{ "expect": "^554 ", "timeout_ms": 100 }""", Anything, "expected /^554 /: nothing that matches" },
        { """{ "expect": "^220 b1\\.example\\.com ESMTP\\r\\n250", "timeout_ms": 100 }""", Anything, "unread: '220 b1.example.com ESMTP" },
        { """{ "expect_silence_ms": 500 }""", Anything, "expected silence" },
        { """{ "expect_close": true, "timeout_ms": 100 }""", Anything, "to be closed within" },
        { """{ "expect_connect_refused": true }""", Anything, "it was accepted" },
        { """{ "expect": "^220 [^\\r\\n]*\\r\\n" }, { "send": "QUIT\\r\\n" }, { "expect": "^250 " }""", Anything, "the connection ended (fin)" },
        { """{ "expect": "^220 " }, { "expect_total": "^250" }""", Anything, "all octets received should match" },
        { """{ "control": "assert.proxy_exit", "within_ms": 50 }""", Anything, "still runs" },
        { """{ "expect": "^220 [^\\r\\n]*\\r\\n" }, { "tls": "handshake", "timeout_ms": 300 }""", Anything, "the TLS handshake failed" },
        { Mail, """{ "where": "proxy_header", "match": "PROXY" }""", "none matches /PROXY/" },
        { Mail, """{ "where": "messages", "count": 0 }""", "b1 messages: 1 stored, should be 0" },
        { Mail, """{ "where": "messages", "match": "other" }""", "does not match /other/" },
        { Mail, """{ "where": "messages", "exact": "..text" }""", "a stored text differs" },
        { Mail, """{ "where": "wire_data", "exact": "Subject: x" }""", "should be 'Subject: x'" },
        { Mail, """{ "where": "raw", "match": "STARTTLS" }""", "none matches /STARTTLS/" },
        { Mail, """{ "where": "raw", "not_match": "EHLO" }""", "matches /EHLO/" },
        { Mail, """{ "where": "commands", "match": "^MAIL", "count": 2 }""", "1 match /^MAIL/, should be 2" },
        { Mail, """{ "where": "commands", "not_match": "^RCPT" }""", @"has 'RCPT TO:<r@example.org>\r\n'" },
        { Mail, """{ "where": "connections", "count": 2 }""", "1, should be 2" },
        { Mail, """{ "where": "max_outstanding_commands", "le": 1 }""", "3, at most 1" },
        { Mail, """{ "backend": "b2", "where": "messages", "count": 1 }""", "b2 messages: 0 stored" },
        { Mail, """{ "backend": "none", "where": "messages", "match": "text" }""", "b1 messages: 1 stored, should be 0" },
        { Greet, """{ "backend": "any", "where": "messages", "count": 1 }""", "exactly one server should have it, 0 of 2 have" },
    };

    private const string Anything = """{ "where": "connections", "le": 99 }""";

    [Theory]
    [MemberData(nameof(OnesThatAServerPasses))]
    public async Task Play_OneGoodServerPasses_NoComplaint(string name)
    {
        var result = await PlayAsync(CaseLibrary.Get(name));

        Assert.Null(result.Complaint);
    }

    [Theory]
    [MemberData(nameof(OnesThatNeedAProxy))]
    public async Task Play_RelayThatUnderstandsNothing_Complains(string name)
    {
        var result = await PlayAsync(CaseLibrary.Get(name));

        Assert.NotNull(result.Complaint);
    }

    [Theory]
    [MemberData(nameof(Rights))]
    public async Task Play_ExpectationHolds_NoComplaint(string steps, string expected)
    {
        var result = await PlayAsync(Case(steps, expected));

        Assert.Null(result.Complaint);
    }

    [Theory]
    [MemberData(nameof(Wrongs))]
    public async Task Play_ExpectationBroken_SaysWhich(string steps, string expected, string complaint)
    {
        var result = await PlayAsync(Case(steps, expected));

        Assert.Contains(complaint, result.Complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(?m)^220 ", "(?m)^250 ", null)]
    [InlineData("(?m)^250 ", "(?m)^220 ", "did not see /(?m)^220 / in its place")]
    public async Task Play_ClientPatterns_MustComeInOrder(string first, string second, string? complaint)
    {
        var result = await PlayAsync(Case(Greet, Anything) with { ExpectClient = [first, second] });

        Assert.Equal(complaint is null, result.IsRight);
        Assert.Contains(complaint ?? "", result.Complaint ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Play_ClientGotWhatItMustNot_Complains()
    {
        var result = await PlayAsync(Case(Greet, Anything) with { ExpectClientNot = ["CHUNKING"] });

        Assert.Equal("the client saw /CHUNKING/", result.Complaint);
    }

    [Fact]
    public async Task Play_LogHasWhatItMustNot_ComplainsAndShowsTheLog()
    {
        await using var relay = new PlainRelay { Line = "Unhandled exception" };

        var result = await CaseRunner.PlayAsync(
            Case(Greet, Anything) with { ExpectLogNot = ["(?i)unhandled exception"] }, relay, TestContext.Current.CancellationToken);

        Assert.Equal("the log has /(?i)unhandled exception/", result.Complaint);
        Assert.Contains("Unhandled exception", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Play_ProxyIgnoresTheRequestToStop_Complains()
    {
        await using var relay = new PlainRelay { IsStubborn = true };
        var played = Case("""{ "control": "proxy.sigterm" }, { "control": "assert.proxy_exit", "within_ms": 100 }""", Anything);

        var result = await CaseRunner.PlayAsync(played, relay, TestContext.Current.CancellationToken);

        Assert.Contains("still runs 0.1 s after it was asked to stop", result.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Play_ReplyInTwoPieces_IsNotOneSegment()
    {
        var played = Case("""{ "expect": "^220 [^\\r\\n]*\\r\\n", "one_segment": true }""", Anything, """
            { "backend": "b1", "script": [{ "send": "220 b1" }, { "wait_ms": 200 }, { "send": " ESMTP\\r\\n" }] }
            """);

        var result = await PlayAsync(played);

        Assert.Contains("came in pieces of 6, 8 octets", result.Complaint, StringComparison.Ordinal);
    }

    private static async Task<CaseResult> PlayAsync(CaseVariant played)
    {
        await using var relay = new PlainRelay();

        // The relay has no admin API to take presets.
        var config = played.Config with { Affinity = new Dictionary<string, string>() };
        return await CaseRunner.PlayAsync(played with { Config = config }, relay, TestContext.Current.CancellationToken);
    }

    private static CaseVariant Case(string steps, string expected, string server = """{ "backend": "b1", "serve": "default" }""")
    {
        var named = expected.Contains("\"backend\"", StringComparison.Ordinal) ? expected : expected.Replace("{ \"where\"", "{ \"backend\": \"b1\", \"where\"", StringComparison.Ordinal);
        return Assert.Single(CaseFile.Parse($$"""
            { "id": "T", "title": "t", "config": { "backends": ["b1", "b2"], "starttls": true }, "client_steps": [{{steps}}],
              "backend_script": [{{server}}], "expect_backend_received": [{{named}}] }
            """));
    }
}
