using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

/// <summary>What holds for any line.</summary>
public sealed class SmtpCommandParserPropertyTests
{
    private static readonly SmtpVerb[] Verbs = [.. Enum.GetValues<SmtpVerb>().Where(static verb => verb > SmtpVerb.Unknown)];

    private static readonly Gen<string> Blanks = Gen.Elements(" ", "\t").ArrayOf().Select(string.Concat);

    private static readonly Gen<string> Argument = Gen.Choose('!', 255).Where(static octet => octet != 0x7f)
        .ArrayOf().Select(static octets => string.Concat(octets.Select(static octet => (char)octet)));

    [Fact]
    public void Parse_VerbInAnyCaseWithAnyBlanks_IsReadWithItsArgument() => Prop.ForAll(
        (from verb in Gen.Elements(Verbs)
         from upper in Gen.Elements(true, false).ArrayOf(8)
         from blanks in Blanks
         from argument in Argument
         from behind in Blanks
         select (verb, Name: Cased(verb, upper), argument, Line: $" {blanks}{argument}{behind}")).ToArbitrary(),
        static made =>
        {
            var command = SmtpCommandParser.Parse(Wire.Octets(made.Name + made.Line));

            Assert.False(command.IsMalformed);
            Assert.Equal(made.verb, command.Verb);
            Assert.Equal(made.argument, Wire.Text(command.Argument));
        }).Check(Arrival.Many);

    [Fact]
    public void Parse_AnyOctets_NeverThrowsAndRefusesControls() => Prop.ForAll(
        Gen.OneOf(Arrival.AnyOctets, Arrival.Of("MAIL FROM:", "AUTH", "STARTTLS", " ", "\t", "<a@b>")).ToArbitrary(),
        static line =>
        {
            var command = SmtpCommandParser.Parse(line);

            Assert.Equal(line.Any(static octet => octet is < 0x20 and not 9 or 0x7f), command.IsMalformed);
            Assert.True(command.Argument.Length < Math.Max(line.Length, 1));
            Assert.True(!command.IsMalformed || command is { Verb: SmtpVerb.Unknown, Argument.IsEmpty: true });
        }).Check(Arrival.Many);

    private static string Cased(SmtpVerb verb, bool[] upper) => string.Concat(
        verb.ToString().Select((letter, i) => upper[i] ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter)));
}
