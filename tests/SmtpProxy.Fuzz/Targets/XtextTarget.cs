using System.Text;
using System.Text.RegularExpressions;
using SmtpProxy.Protocol;

namespace SmtpProxy.Fuzz.Targets;

/// <summary>Encoded text is xtext, stands for the octets that it was made of, and never splits one of them at the end of its room.</summary>
internal sealed partial class XtextTarget : IFuzzTarget
{
    public string Name => "xtext";

    public ValueTask<int> RunAsync(byte[] input, int seed)
    {
        var isValid = Xtext.IsValid(input);
        Require.That(isValid == Form().IsMatch(Encoding.Latin1.GetString(input)), "xtext is what the grammar of RFC 3461 says");

        var whole = new byte[3 * input.Length];
        var encoded = whole.AsSpan(0, Xtext.Encode(input, whole));
        Require.That(Xtext.IsValid(encoded), "what was encoded is xtext");
        Require.That(Decode(encoded).AsSpan().SequenceEqual(input), "and stands for the same octets");

        // Octets behind the room that is given must stay as they are.
        var room = (int)((uint)seed % (whole.Length + 1));
        var cut = new byte[whole.Length];
        var used = Xtext.Encode(input, cut.AsSpan(0, room));
        Require.That(used <= room && cut.AsSpan(used).IndexOfAnyExcept((byte)0) < 0, "no more is written than there is room");
        Require.That(encoded.StartsWith(cut.AsSpan(0, used)) && Xtext.IsValid(cut.AsSpan(0, used)), "what fits is the beginning, and whole");
        Require.That(used == encoded.Length || room - used < 3, "no room is wasted");
        return ValueTask.FromResult((isValid ? 1 : 0) | (Math.Min(encoded.Length - input.Length, 6) << 1) | (input.Length == 0 ? 16 : 0));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static byte[] Decode(ReadOnlySpan<byte> text)
    {
        var octets = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            octets.Add(text[i] == (byte)'+' ? Convert.FromHexString(Encoding.ASCII.GetString(text.Slice(i + 1, 2)))[0] : text[i]);
            i += text[i] == (byte)'+' ? 2 : 0;
        }

        return [.. octets];
    }

    [GeneratedRegex(@"\A(?:[!-*,-<>-~]|\+[0-9A-F]{2})*\z")]
    private static partial Regex Form();
}
