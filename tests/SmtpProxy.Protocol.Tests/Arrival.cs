using FsCheck;
using FsCheck.Fluent;

namespace SmtpProxy.Protocol.Tests;

/// <summary>Octets made up at random, and a random way for them to arrive.</summary>
internal sealed record Arrival(byte[] Octets, Delivery Delivery)
{
    private const int Whole = 1000;

    /// <summary>Enough to meet what is rare, and still over in a moment.</summary>
    public static Config Many { get; } = Config.QuickThrowOnFailure.WithMaxTest(2000);

    /// <summary>Any octets.</summary>
    public static Gen<byte[]> AnyOctets { get; } = Gen.Choose(0, 255).Select(static octet => (byte)octet).ArrayOf();

    public string Text => Wire.Text(Octets);

    /// <summary>Octets in any pieces.</summary>
    public static Arbitrary<Arrival> Of(Gen<byte[]> octets) =>
        (from input in octets
         from cuts in Gen.Choose(0, Whole).ArrayOf()
         from shape in Gen.Elements<Func<ReadOnlyMemory<byte>, System.Buffers.ReadOnlySequence<byte>>>(
             static piece => new(piece),
             SegmentedSequence.BytePerSegment,
             SegmentedSequence.EmptyBetween,
             static piece => SegmentedSequence.SplitAt(piece, piece.Length / 2))
         select new Arrival(input, new Delivery("random", Ends(input.Length, cuts), shape))).ToArbitrary();

    /// <summary>Texts of these parts and of single octets, in any order and number.</summary>
    public static Gen<byte[]> Of(params string[] parts) =>
        Gen.Frequency((9, Gen.Elements(parts)), (1, Gen.Choose(0, 255).Select(static octet => ((char)octet).ToString())))
            .ArrayOf().Select(static chosen => Wire.Octets(string.Concat(chosen)));

    public override string ToString() => $"{Convert.ToHexString(Octets)} until {string.Join(' ', Delivery.Ends)}";

    private static int[] Ends(int length, int[] cuts) => [.. cuts.Select(cut => length * cut / Whole).Order(), length];
}
