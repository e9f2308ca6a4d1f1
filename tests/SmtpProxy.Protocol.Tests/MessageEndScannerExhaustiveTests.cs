using Xunit;

namespace SmtpProxy.Protocol.Tests;

/// <summary>Compares the scanner with the oracle over every text that the octets of interest can make.</summary>
public sealed class MessageEndScannerExhaustiveTests
{
    private const string Alphabet = "\r\n.x";
    private const int Longest = 7;
    private const int LongestWithin = 5;
    private const int MostHeld = 4;

    [Theory]
    [InlineData(BareNewlinePolicy.RejectAmbiguousEnd)]
    [InlineData(BareNewlinePolicy.Reject)]
    [InlineData(BareNewlinePolicy.Pass)]
    public void Scan_EveryShortText_AgreesWithTheOracle(BareNewlinePolicy policy)
    {
        for (var length = 0; length <= Longest; length++)
        {
            var deliveries = Delivery.All(length).ToArray();
            for (var number = 0; number < 1 << (2 * length); number++)
            {
                var text = Text(number, length);
                var expected = MessageEndOracle.Of(text, policy);
                var end = MessageEndOracle.Of(text, BareNewlinePolicy.Pass);
                foreach (var delivery in deliveries)
                {
                    var problem = Compare(text, MessageEndFeed.Run(Wire.Octets(text), policy, delivery), expected, end);
                    Assert.True(problem is null, $"{Convert.ToHexString(Wire.Octets(text))}, {delivery}: {problem}");
                }
            }
        }
    }

    /// <summary>What is looked at many octets at once must find the same as what is looked at one by one, wherever it lies.</summary>
    [Theory]
    [InlineData(BareNewlinePolicy.RejectAmbiguousEnd)]
    [InlineData(BareNewlinePolicy.Pass)]
    public void Scan_EveryShortTextWithinALongOne_AgreesWithTheOracle(BareNewlinePolicy policy)
    {
        for (var before = 0; before <= 70; before++)
        {
            for (var number = 0; number < 1 << (2 * LongestWithin); number++)
            {
                var text = new string('x', before) + Text(number, LongestWithin) + new string(before % 2 == 0 ? 'x' : '.', 40);
                var expected = MessageEndOracle.Of(text, policy);
                var end = MessageEndOracle.Of(text, BareNewlinePolicy.Pass);
                var feed = MessageEndFeed.Run(Wire.Octets(text), policy, Delivery.InPieces(text.Length, text.Length));
                var problem = Compare(text, feed, expected, end);
                Assert.True(problem is null, $"{before}, {Convert.ToHexString(Wire.Octets(Text(number, LongestWithin)))}: {problem}");
            }
        }
    }

    internal static string? Compare(string text, MessageEndFeed feed, MessageEndOracle expected, MessageEndOracle end)
    {
        var held = expected.Status == BodyScanStatus.More ? text.Length - feed.Forwarded.Length : 0;
        var endAt = end.Status == BodyScanStatus.End ? end.Consumed : -1;
        return feed switch
        {
            _ when feed.Status != expected.Status => $"found {feed.Status}, not {expected.Status}",
            _ when feed.MostHeld > MostHeld || held > MostHeld => $"held back {feed.MostHeld}, {held}",
            _ when feed.Forwarded != text[..(expected.Body - held)] => $"forwarded {feed.Forwarded.Length}, not {expected.Body - held}",
            _ when expected.Status == BodyScanStatus.Rejected && feed.RejectedAt != expected.Consumed => $"rejected at {feed.RejectedAt}",
            _ when feed.EndAt != endAt => $"ended at {feed.EndAt}, not {endAt}",
            _ => null,
        };
    }

    private static string Text(int number, int length) => string.Create(length, number, static (text, number) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = Alphabet[(number >> (2 * i)) & 3];
        }
    });
}
