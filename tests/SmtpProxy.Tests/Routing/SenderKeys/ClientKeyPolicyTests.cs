using System.Net;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Routing.SenderKeys;
using Xunit;

namespace SmtpProxy.Tests.Routing.SenderKeys;

/// <summary>The policies that do not look at the sender.</summary>
public sealed class ClientKeyPolicyTests
{
    [Theory]
    [InlineData("192.0.2.77", "192.0.2.0/24")]
    [InlineData("::ffff:192.0.2.77", "192.0.2.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void ClientNetwork_Address_IsCutToItsNetwork(string client, string expected)
    {
        Assert.Equal(expected, Create(SenderKeyPolicies.ClientNetwork, Envelopes.From("a@x.example", client)));
        Assert.Equal(expected, ClientNetworkKeyPolicy.KeyOf(IPAddress.Parse(client)).Value);
    }

    [Theory]
    [InlineData("Client.Example", "client.example")]
    [InlineData("", null)]
    public void HeloName_Name_IsFolded(string helo, string? expected) =>
        Assert.Equal(expected, Create(SenderKeyPolicies.HeloName, Envelopes.From("a@x.example") with { Helo = helo }));

    [Fact]
    public void AuthenticatedUser_Login_IsFolded()
    {
        var envelope = Envelopes.From("a@x.example");

        Assert.Null(Create(SenderKeyPolicies.AuthenticatedUser, envelope));
        Assert.Equal("dom\\u1", Create(SenderKeyPolicies.AuthenticatedUser, envelope with { Login = new ClientLogin("PLAIN", "DOM\\U1") }));
        Assert.Equal("192.0.2.0/24", Create(SenderKeyPolicies.AuthenticatedUser, envelope with { Login = new ClientLogin("GSSAPI", null) }));
    }

    [Fact]
    public void CreateForLogin_AnyPolicy_IsTheName()
    {
        var envelope = Envelopes.From("a@x.example") with { Login = new ClientLogin("PLAIN", "U1") };

        Assert.Equal("u1", BuiltIn.SenderKeys.Build(new SessionAffinityConfig()).CreateForLogin(envelope).Value);
        Assert.Null(BuiltIn.SenderKeys.Build(new SessionAffinityConfig { Enabled = false }).CreateForLogin(envelope).Value);
    }

    private static string? Create(string policy, Envelope envelope) =>
        BuiltIn.SenderKeys.Build(new SessionAffinityConfig { Policy = policy }).Create(envelope).Value;
}
