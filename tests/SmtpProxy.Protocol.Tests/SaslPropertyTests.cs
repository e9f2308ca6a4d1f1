using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

/// <summary>What holds for any line of a login.</summary>
public sealed class SaslPropertyTests
{
    private static readonly Gen<string> Safe = Gen.Choose(0x20, 0x7e).NonEmptyListOf()
        .Select(static letters => string.Concat(letters.Select(static letter => (char)letter)));

    private static readonly Gen<byte[]> Lines = Gen.OneOf(
        Arrival.AnyOctets,
        Arrival.Of("QUJD", "A===", "AA==", "AAA=", "====").Select(static octets => octets[..Math.Min(octets.Length, 8)]),
        Arrival.Of("A", "=", "==", "QUJD", "+/", " ", "\r", "\n"),
        Arrival.AnyOctets.Select(static octets => Encoding.ASCII.GetBytes(Convert.ToBase64String(octets))));

    [Fact]
    public void UserOfPlain_AnyNames_IsTheOneWhosePasswordItIs() => Prop.ForAll(
        Safe.ToArbitrary(), Safe.ToArbitrary(), Safe.ToArbitrary(), static (authzid, name, password) =>
        {
            var message = Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.ASCII.GetBytes($"{authzid}\0{name}\0{password}")));

            Assert.Equal(name.Length <= 255 ? name : null, SaslText.UserOfPlain(message));
            Assert.True(SaslText.IsBase64(message));
        }).Check(Arrival.Many);

    [Fact]
    public void UserOf_AnyOctets_NeverThrowsAndTellsNoControls() => Prop.ForAll(Lines.ToArbitrary(), static line =>
    {
        foreach (var name in new[] { SaslText.UserOfPlain(line), SaslText.UserOfLogin(line) }.OfType<string>())
        {
            Assert.NotEmpty(name);
            Assert.DoesNotContain(name, char.IsControl);
        }
    }).Check(Arrival.Many);

    [Fact]
    public void IsBase64_AnyOctets_IsWhatTheGrammarSays() => Prop.ForAll(Lines.ToArbitrary(), static line =>
        Assert.Equal(
            Regex.IsMatch(Wire.Text(line), @"\A(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\z"),
            SaslText.IsBase64(line))).Check(Arrival.Many);

    [Fact]
    public void Parse_AnyArgument_NeverThrowsAndKeepsOnlyWhatIsOneLine() => Prop.ForAll(
        Gen.OneOf(Lines, Lines.Select(static line => (byte[])[.. "PLAIN "u8, .. line]), Lines.Select(static line => (byte[])[.. "x-own "u8, .. line])).ToArbitrary(),
        static argument =>
        {
            var command = AuthCommand.Parse(argument);
            if (command.Status != AuthStatus.Ok)
            {
                Assert.True(command.InitialResponse.IsEmpty);
                return;
            }

            Assert.True(SaslMechanisms.IsName(command.Mechanism));
            Assert.True(argument.AsSpan().StartsWith(command.Mechanism));
            Assert.Equal(command.HasInitialResponse, !command.InitialResponse.IsEmpty);
            Assert.False(command.InitialResponse.ContainsAny("\r\n \0"u8));
        }).Check(Arrival.Many);
}
