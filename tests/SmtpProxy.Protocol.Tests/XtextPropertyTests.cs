using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

/// <summary>What holds for any octets and any room.</summary>
public sealed class XtextPropertyTests
{
    [Fact]
    public void Encode_AnyOctets_IsXtextThatStandsForThem() => Prop.ForAll(Arrival.AnyOctets.ToArbitrary(), static octets =>
    {
        var encoded = Encoded(octets, 3 * octets.Length);

        Assert.True(Xtext.IsValid(encoded));
        Assert.Equal(octets, Decode(Wire.Text(encoded)));
    }).Check(Arrival.Many);

    [Fact]
    public void Encode_AnyRoom_WritesAWholeBeginningAndNoMore() => Prop.ForAll(
        Arrival.AnyOctets.ToArbitrary(), Gen.Choose(0, 60).ToArbitrary(), static (octets, room) =>
        {
            var all = Encoded(octets, 3 * octets.Length);

            var encoded = Encoded(octets, room);

            Assert.True(all.AsSpan().StartsWith(encoded));
            Assert.True(Xtext.IsValid(encoded));
            Assert.True(encoded.Length == all.Length || room - encoded.Length < 3);
        }).Check(Arrival.Many);

    [Fact]
    public void IsValid_AnyOctets_IsNeverTrueOfWhatWouldEndALineOrAWord() => Prop.ForAll(
        Gen.OneOf(Arrival.AnyOctets, Arrival.Of("+2B", "+", "=", "a", "+0D+0A", "+zz", " ")).ToArbitrary(), static octets =>
        {
            if (Xtext.IsValid(octets))
            {
                Assert.DoesNotContain(octets, static octet => octet is <= (byte)' ' or (byte)'=' or >= 0x7f);
                Assert.Equal(octets.Length - (2 * octets.Count(static octet => octet == '+')), Decode(Wire.Text(octets)).Length);
            }
        }).Check(Arrival.Many);

    private static byte[] Encoded(byte[] octets, int room)
    {
        var output = new byte[room];
        return output[..Xtext.Encode(octets, output)];
    }

    private static byte[] Decode(string text)
    {
        var octets = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            octets.Add(text[i] == '+' ? byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : (byte)text[i]);
            i += text[i] == '+' ? 2 : 0;
        }

        return [.. octets];
    }
}
