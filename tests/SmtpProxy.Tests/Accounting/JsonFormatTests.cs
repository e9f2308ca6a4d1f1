using System.Text.Json;
using SmtpProxy.Accounting;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Accounting;

public sealed class JsonFormatTests
{
    [Fact]
    public void Write_RelayedMessage_HasTheFieldsOfTheContract()
    {
        using var json = JsonDocument.Parse(Line(Records.Relayed()));
        var root = json.RootElement;

        Assert.Equal(
            [
                "txn", "session", "listener", "client", "helo", "tls", "from", "nrcpt", "key", "route", "cluster", "destination", "attempts",
                "stage", "reply", "dsn", "bytes", "duration_ms", "queue_id", "affinity", "status",
            ],
            root.EnumerateObject().Select(static property => property.Name));
        Assert.Equal(Records.Id, root.GetProperty("txn").GetGuid());
        Assert.Equal("s1AB", root.GetProperty("session").GetString());
        Assert.Equal("192.0.2.7", root.GetProperty("client").GetString());
        Assert.False(root.GetProperty("tls").GetBoolean());
        Assert.Equal(2, root.GetProperty("nrcpt").GetInt32());
        Assert.Equal("mta2", root.GetProperty("destination").GetString());
        Assert.Equal(2, root.GetProperty("attempts").GetInt32());
        Assert.Equal("final_reply", root.GetProperty("stage").GetString());
        Assert.Equal("250 2.0.0 Ok: queued as 4Zx1", root.GetProperty("reply").GetString());
        Assert.Equal("2.0.0", root.GetProperty("dsn").GetString());
        Assert.Equal(1234, root.GetProperty("bytes").GetInt64());
        Assert.Equal(250, root.GetProperty("duration_ms").GetInt64());
        Assert.Equal("4Zx1", root.GetProperty("queue_id").GetString());
        Assert.Equal("relayed", root.GetProperty("status").GetString());
    }

    [Fact]
    public void Write_ClientThatHasLoggedIn_HasItsName()
    {
        var record = Records.Relayed();
        using var json = JsonDocument.Parse(Line(record with
        {
            Envelope = record.Envelope with { Login = new ClientLogin("PLAIN", "u\"1\n@x") },
        }));
        using var nameless = JsonDocument.Parse(Line(record with { Envelope = record.Envelope with { Login = new ClientLogin("other", null) } }));

        Assert.Equal("PLAIN", json.RootElement.GetProperty("auth").GetString());
        Assert.Equal("u\"1\n@x", json.RootElement.GetProperty("user").GetString());
        Assert.Equal(JsonValueKind.Null, nameless.RootElement.GetProperty("user").ValueKind);
    }

    [Theory]
    [InlineData("a\"},{\"status\":\"lost\"@x")]
    [InlineData("a\r\n{\"txn\":1}@x")]
    [InlineData("a\\\"@x")]
    [InlineData("m\u00fcller@\U0001F4E7.example\u2028")]
    [InlineData("\0\u001f\u007f")]
    public void Write_HostileStrings_ComeBackAsTheyWere(string text)
    {
        var line = Line(Records.Relayed(text, text));

        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        Assert.DoesNotContain(line[..^1], static c => c is < ' ' or > '~');
        using var json = JsonDocument.Parse(line);
        Assert.Equal(text, json.RootElement.GetProperty("from").GetString());
        Assert.Equal(text, json.RootElement.GetProperty("helo").GetString());
        Assert.Equal(text, json.RootElement.GetProperty("key").GetString());
        Assert.Equal("relayed", json.RootElement.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Write_LongestTexts_AreStillJson(int shift)
    {
        // A pair of surrogates lies across the cut, or beside it.
        var wide = new string('x', shift) + string.Concat(Enumerable.Repeat("\U0001F4E7", 4000));
        var record = Records.Relayed(wide, wide, wide) with { Route = wide, Cluster = wide, Attempts = [Records.Attempt(wide)] };

        using var json = JsonDocument.Parse(Line(record));

        Assert.EndsWith("...", json.RootElement.GetProperty("from").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NothingKnown_IsNull()
    {
        var record = Records.Relayed() with
        {
            Key = SenderKey.None,
            Route = null,
            Cluster = null,
            Attempts = [],
            Outcome = TransactionOutcome.Deferred,
            ReplyText = "4.3.2 queued as nothing",
        };

        using var json = JsonDocument.Parse(Line(record));

        foreach (var name in new[] { "key", "route", "cluster", "destination", "queue_id" })
        {
            Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty(name).ValueKind);
        }
    }

    private static string Line(TransactionRecord record)
    {
        var sink = new ListSink();
        new TransactionLog(LogFormat.Json, sink).OnCompleted(record);
        return Assert.Single(sink.Lines);
    }
}
