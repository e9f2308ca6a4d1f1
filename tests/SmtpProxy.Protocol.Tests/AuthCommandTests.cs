using System.Buffers;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

public class AuthCommandTests
{
    [Theory]
    [InlineData("PLAIN", AuthStatus.Ok, null)]
    [InlineData("login", AuthStatus.Ok, null)]
    [InlineData("SCRAM-SHA-256", AuthStatus.Ok, null)]
    [InlineData("PLAIN AHUxAHAx", AuthStatus.Ok, "AHUxAHAx")]
    [InlineData("PLAIN   AHUxAHAx", AuthStatus.Ok, "AHUxAHAx")]
    [InlineData("PLAIN =", AuthStatus.Ok, "=")]
    [InlineData("PLAIN ==", AuthStatus.BadResponse, null)]
    [InlineData("PLAIN AHUxAHA", AuthStatus.BadResponse, null)]
    [InlineData("PLAIN AHUx AHAx", AuthStatus.BadResponse, null)]
    [InlineData("PLAIN *", AuthStatus.BadResponse, null)]
    [InlineData("PLA.IN", AuthStatus.BadMechanism, null)]
    [InlineData("=", AuthStatus.BadMechanism, null)]
    [InlineData("", AuthStatus.BadMechanism, null)]
    [InlineData("PL\u00c4IN", AuthStatus.BadMechanism, null)]
    [InlineData("A12345678901234567890", AuthStatus.BadMechanism, null)]
    [InlineData("external", AuthStatus.NotRelayable, null)]
    [InlineData("SCRAM-SHA-1-PLUS bixu", AuthStatus.NotRelayable, null)]
    public void Parse_Argument_IsTakenApart(string argument, AuthStatus status, string? response)
    {
        var command = AuthCommand.Parse(Wire.Octets(argument));

        Assert.Equal(status, command.Status);
        Assert.Equal(response is not null, command.HasInitialResponse);
        Assert.Equal(response ?? "", Wire.Text(command.InitialResponse));
    }

    [Theory]
    [InlineData("AUTH PLAIN", true)]
    [InlineData("aUtH x", true)]
    [InlineData("AUTH", false)]
    [InlineData("AUTH\r\n", false)]
    [InlineData("AUTHX ", false)]
    [InlineData("EHLO AUTH ", false)]
    public void IsBegun_FirstOctets_TellAuth(string line, bool expected)
    {
        Assert.Equal(expected, AuthCommand.IsBegun(new ReadOnlySequence<byte>(Wire.Octets(line))));
        Assert.Equal(expected, AuthCommand.IsBegun(SegmentedSequence.BytePerSegment(Wire.Octets(line))));
    }
}
