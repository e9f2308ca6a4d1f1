using Xunit;

namespace SmtpProxy.Protocol.Tests;

public class SaslMechanismsTests
{
    [Theory]
    [InlineData(null, " PLAIN LOGIN", "PLAIN LOGIN")]
    [InlineData("PLAIN", "=LOGIN plain", "PLAIN LOGIN")]
    [InlineData(null, "  X-NEW_1  ", "X-NEW_1")]
    [InlineData(null, " PL\u00c4IN a.b A12345678901234567890 OK", "OK")]
    [InlineData(null, "", null)]
    public void Add_Arguments_AreNormalised(string? list, string arguments, string? expected) =>
        Assert.Equal(expected, SaslMechanisms.Add(list, Wire.Octets(arguments)));

    [Fact]
    public void Add_HugeList_IsBounded()
    {
        var list = SaslMechanisms.Add(null, Wire.Octets(string.Concat(Enumerable.Range(0, 1000).Select(static i => $" M{i}"))));

        Assert.Equal(32, list!.Split(' ').Length);
    }

    [Theory]
    [InlineData("PLAIN LOGIN", "LOGIN PLAIN", "PLAIN LOGIN")]
    [InlineData("PLAIN LOGIN", "LOGIN", "LOGIN")]
    [InlineData("PLAIN", "PLAINX", null)]
    [InlineData("PLAIN", null, null)]
    [InlineData(null, null, null)]
    public void Intersect_Lists_KeepWhatBothHave(string? one, string? other, string? expected) =>
        Assert.Equal(expected, SaslMechanisms.Intersect(one, other));

    [Theory]
    [InlineData("PLAIN LOGIN", "PLAIN LOGIN")]
    [InlineData("EXTERNAL PLAIN SCRAM-SHA-1-PLUS", "PLAIN")]
    [InlineData("EXTERNAL", null)]
    [InlineData(null, null)]
    public void Relayable_List_HasNothingThatProvesTheConnection(string? list, string? expected) =>
        Assert.Equal(expected, SaslMechanisms.Relayable(list));

    [Fact]
    public void Capabilities_BothFormsOfTheKeyword_AreOneList()
    {
        Assert.True(SmtpCapabilities.TryParseLines(["AUTH PLAIN", "AUTH=LOGIN PLAIN"], out var capabilities, out _));
        Assert.True(SmtpCapabilities.TryParseLines(["AUTH LOGIN"], out var others, out _));

        Assert.Equal("PLAIN LOGIN", capabilities.Mechanisms);
        Assert.True(capabilities.HasMechanism("login"));
        Assert.False(capabilities.HasMechanism("LOG"));
        Assert.Equal("LOGIN", capabilities.Intersect(others).Mechanisms);
        Assert.Null(capabilities.Intersect(SmtpCapabilities.None).Mechanisms);
    }
}
