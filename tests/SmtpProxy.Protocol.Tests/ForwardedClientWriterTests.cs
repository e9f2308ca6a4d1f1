using System.Buffers;
using System.Net;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class ForwardedClientWriterTests
{
    private const ClientAttributes Postfix = ClientAttributes.Name | ClientAttributes.ReverseName | ClientAttributes.Address | ClientAttributes.Port
        | ClientAttributes.Protocol | ClientAttributes.Helo | ClientAttributes.Login | ClientAttributes.DestinationAddress | ClientAttributes.DestinationPort;

    private static readonly ForwardedClient Client = new(IPEndPoint.Parse("192.0.2.7:40000"), IPEndPoint.Parse("192.0.2.25:25"), "c.example.com", true);

    [Fact]
    public void WriteXClient_AllOffered_TellsAllInOneLine() => Assert.Equal(
        ["XCLIENT LOGIN=[UNAVAILABLE] NAME=[UNAVAILABLE] REVERSE_NAME=[UNAVAILABLE] DESTADDR=192.0.2.25 DESTPORT=25 PROTO=ESMTP HELO=c.example.com "
            + "PORT=40000 ADDR=192.0.2.7"],
        XClient(Client, Postfix));

    [Fact]
    public void WriteXClient_FewOffered_TellsThoseOnly() =>
        Assert.Equal(["XCLIENT HELO=c.example.com ADDR=192.0.2.7"], XClient(Client, ClientAttributes.Address | ClientAttributes.Helo));

    [Fact]
    public void WriteXClient_NothingOffered_WritesNothing() => Assert.Empty(XClient(Client, ClientAttributes.None));

    [Theory]
    [InlineData("p+41.example.com", "p+2B41.example.com")]
    [InlineData("x ADDR=192.0.2.99 LOGIN=root", "x+20ADDR+3D192.0.2.99+20LOGIN+3Droot")]
    [InlineData("a\u00fc\u007f\t", "a+C3+BC+7F+09")]
    [InlineData("[UNAVAILABLE]", "[UNAVAILABLE]")]
    [InlineData("", "[UNAVAILABLE]")]
    public void WriteXClient_Helo_IsXtext(string helo, string expected) =>
        Assert.Equal([$"XCLIENT HELO={expected}"], XClient(Client with { Helo = helo }, ClientAttributes.Helo));

    [Fact]
    public void WriteXClient_HeloClient_IsSmtp() =>
        Assert.Equal(["XCLIENT PROTO=SMTP"], XClient(Client with { IsEsmtp = false }, ClientAttributes.Protocol));

    [Fact]
    public void WriteXClient_Login_IsTold() =>
        Assert.Equal(["XCLIENT LOGIN=u+2Bt@example.com"], XClient(Client with { Login = "u+t@example.com" }, ClientAttributes.Login));

    [Theory]
    [InlineData("2001:db8::1", "IPV6:2001:db8::1")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("fe80::1%3", "IPV6:fe80::1")]
    public void WriteXClient_Address_IsWrittenAsPostfixReadsIt(string address, string expected) => Assert.Equal(
        [$"XCLIENT ADDR={expected}"], XClient(Client with { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1) }, ClientAttributes.Address));

    [Fact]
    public void WriteXClient_LongValues_TakesSeveralLinesAndTheAddressComesLast()
    {
        var lines = XClient(Client with { Helo = new string('+', 1000), Login = new string('=', 1000) }, Postfix);

        Assert.InRange(lines.Length, 2, 4);
        Assert.All(lines, static line => Assert.StartsWith("XCLIENT ", line, StringComparison.Ordinal));
        Assert.All(lines, static line => Assert.InRange(line.Length + 2, 20, 511));
        Assert.EndsWith(" ADDR=192.0.2.7", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(lines[..^1], static line => line.Contains(" ADDR=", StringComparison.Ordinal));
        Assert.Equal(9, lines.Sum(static line => line.Count(static c => c == '=')));
    }

    [Fact]
    public void WriteXClient_AnyText_StaysWithinItsValue()
    {
        for (var c = 0; c < 0x300; c++)
        {
            var line = Assert.Single(XClient(Client with { Helo = $"a{(char)c}b" }, ClientAttributes.Helo | ClientAttributes.Address));
            Assert.Matches(@"^XCLIENT HELO=a[!-~]+b ADDR=192\.0\.2\.7$", line);
            Assert.True(Xtext.IsValid(Wire.Octets(line[13..line.IndexOf(" ADDR", StringComparison.Ordinal)])));
        }
    }

    [Fact]
    public void WriteXForward_AllOffered_TellsAllInOneLine() => Assert.Equal(
        ["XFORWARD NAME=[UNAVAILABLE] ADDR=192.0.2.7 PORT=40000 PROTO=ESMTP HELO=c.example.com IDENT=s1.2 SOURCE=REMOTE"],
        Lines(static (output, client) => ForwardedClientWriter.WriteXForward(output, (ClientAttributes)ushort.MaxValue, client), Client with { Session = "s1", Number = 2 }));

    [Theory]
    [InlineData("c.example.com", "c.example.com")]
    [InlineData("a b=c\u00fc\r\n", "a?b?c????")]
    [InlineData("[192.0.2.7]", "[192.0.2.7]")]
    public void TryWriteName_Name_CanStandInEhlo(string helo, string expected)
    {
        var output = new ArrayBufferWriter<byte>();

        Assert.True(ForwardedClientWriter.TryWriteName(output, Client with { Helo = helo }));
        Assert.Equal(expected, Wire.Text(output.WrittenSpan));
    }

    [Fact]
    public void TryWriteName_NoName_SaysSo() => Assert.False(ForwardedClientWriter.TryWriteName(new ArrayBufferWriter<byte>(), Client with { Helo = "" }));

    [Theory]
    [InlineData("XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT REVERSE_NAME", Postfix)]
    [InlineData("xclient addr\tHelo  FUTURE", ClientAttributes.Address | ClientAttributes.Helo)]
    [InlineData("XCLIENT", ClientAttributes.None)]
    public void Capabilities_XClient_ListItsAttributes(string line, ClientAttributes expected)
    {
        Assert.True(SmtpCapabilities.TryParseLines([line, "SIZE 7"], out var capabilities, out _));

        Assert.Equal(expected, capabilities.XClient);
        Assert.Equal(ClientAttributes.None, capabilities.XForward);
        Assert.Equal(7, capabilities.SizeLimit);
    }

    [Fact]
    public void Capabilities_XForward_ListItsAttributes()
    {
        Assert.True(SmtpCapabilities.TryParseLines(["XFORWARD NAME ADDR IDENT SOURCE"], out var capabilities, out _));

        Assert.Equal(
            ClientAttributes.Name | ClientAttributes.Address | ClientAttributes.Ident | ClientAttributes.Source, capabilities.XForward);
    }

    private static string[] XClient(ForwardedClient client, ClientAttributes offered) =>
        Lines((output, told) => ForwardedClientWriter.WriteXClient(output, offered, told), client);

    private static string[] Lines(Func<ArrayBufferWriter<byte>, ForwardedClient, int> write, ForwardedClient client)
    {
        var output = new ArrayBufferWriter<byte>();
        var count = write(output, client);
        var text = Wire.Text(output.WrittenSpan);
        var lines = text.Split("\r\n")[..^1];
        Assert.Equal(count, lines.Length);
        Assert.Equal(text, string.Concat(lines.Select(static line => line + "\r\n")));
        return lines;
    }
}
