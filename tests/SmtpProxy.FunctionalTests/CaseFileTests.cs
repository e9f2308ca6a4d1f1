using System.Text.Json;
using SmtpProxy.TestKit.Cases;
using SmtpProxy.TestKit.Wire;
using Xunit;

namespace SmtpProxy.FunctionalTests;

public class CaseFileTests
{
    [Fact]
    public void ReadAll_CasesOfThisProject_AreComplete()
    {
        Assert.Equal(29, CaseLibrary.All.Select(variant => variant.Id).Distinct().Count());
        Assert.Equal(105, CaseLibrary.All.Count);
        Assert.All(CaseLibrary.All, variant => Assert.NotEmpty(variant.ClientSteps));
        Assert.All(CaseLibrary.All, variant => Assert.NotEmpty(variant.ExpectBackendReceived));
        Assert.Equal(CaseLibrary.All.Count, CaseLibrary.All.Select(variant => variant.Name).Distinct().Count());
    }

    [Fact]
    public void ReadAll_CasesOfThisProject_HaveNoHoleLeft()
    {
        Assert.All(CaseLibrary.All, variant => Assert.DoesNotContain("{{", JsonSerializer.Serialize(variant), StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_WordThatThePlayerDoesNotKnow_IsAnError()
    {
        Assert.Throws<JsonException>(() => Parse(""" "client_steps": [{ "sned": "QUIT" }] """));
        Assert.Throws<JsonException>(() => Parse(""" "config": { "poool": true } """));
        Assert.Throws<JsonException>(() => Parse(""" "backend_script": [{ "backend": "b1", "script": [{ "hope": "^EHLO" }] }] """));
    }

    [Fact]
    public void Parse_Holes_AreFilledWithText()
    {
        var variant = Parse(""" "client_steps": [{ "send": "a{{X}}b{{Y}}" }], "variants": [{ "name": "v", "subst": { "X": 1, "Y": "\\r" } }] """);

        Assert.Equal("a1b\\r", variant.ClientSteps[0].Send);
    }

    [Fact]
    public void Parse_StringThatIsOneHole_TakesTheType()
    {
        var variant = Parse(""" "client_steps": [{ "send": "A", "repeat": "{{N}}" }], "variants": [{ "name": "v", "subst": { "N": 4093 } }] """);

        Assert.Equal(4093, variant.ClientSteps[0].Repeat);
    }

    [Fact]
    public void Parse_Variant_ReplacesAddsAndPatches()
    {
        var variant = Parse("""
            "config": { "pool": true, "own_name": "one.example" }, "client_steps": [{ "wait_ms": 1 }], "expect_client": ["a"],
            "expect_backend_received": [{ "backend": "b1", "where": "messages", "count": 1 }],
            "variants": [{ "name": "v", "config_patch": { "own_name": "two.example" }, "client_steps": [{ "wait_ms": 2 }],
              "expect_backend_received_extra": [{ "backend": "b1", "where": "connections", "le": 3 }] }]
            """);

        Assert.Equal("T / v", variant.Name);
        Assert.Equal("two.example", variant.Config.OwnName);
        Assert.True(variant.Config.Pool);
        Assert.Equal(2, Assert.Single(variant.ClientSteps).WaitMs);
        Assert.Equal(["a"], variant.ExpectClient);
        Assert.Equal(["messages", "connections"], variant.ExpectBackendReceived.Select(expected => expected.Where));
    }

    [Theory]
    [InlineData(@"\r\n\t\0\\", new byte[] { 13, 10, 9, 0, 92 })]
    [InlineData(@"\xff\x0A\\x41", new byte[] { 255, 10, 92, 120, 52, 49 })]
    public void Octets_Escapes_AreDecoded(string text, byte[] octets) => Assert.Equal(octets, Octets.Parse(text));

    private static CaseVariant Parse(string fields) =>
        Assert.Single(CaseFile.Parse($$"""{ "id": "T", "title": "t", {{fields}} }"""));
}
