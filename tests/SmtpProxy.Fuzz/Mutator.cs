using System.Text;

namespace SmtpProxy.Fuzz;

/// <summary>Makes new inputs of known ones: cuts, repeats, splices, flips bits, and plays with line ends, dots, NUL and length.</summary>
internal sealed class Mutator(Random random)
{
    private const int LongestInput = 16 * 1024;
    private const int MostSteps = 6;
    private const int LongestRun = 5000;

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "\r\n", "\r", "\n", "\n\r", "\r\r\n", ".", "\r\n.\r\n", "\r\n.\n", "\n.\n", "\n.\r\n", "\r.\r", "\r\n.\r", "\r\n..\r\n", "\0", "\t", " ", "\u00ff", "\u00c3\u00bc",
            "<", ">", "<>", "\"", "\\", "@", ":", ",", "[", "]", "=", "+2B", "<@a,@b:u@c>", "250-", "250 ", "421 4.3.2 ", "5.1.1 ", "-",
            "EHLO c\r\n", "HELO c\r\n", "MAIL FROM:<a@example.com>\r\n", "MAIL FROM:<no@example.com>\r\n", "RCPT TO:<r@example.org>\r\n",
            "RCPT TO:<no@example.org>\r\n", "RCPT TO:<bye@example.org>\r\n", "DATA\r\n", "RSET\r\n", "NOOP\r\n", "QUIT\r\n", "BDAT 5\r\n",
            "BDAT 3 LAST\r\n", "BDAT x\r\n", "STARTTLS\r\n", "AUTH PLAIN\r\n", "VRFY x\r\n", " SIZE=10", " BODY=8BITMIME", " SMTPUTF8", " NOTIFY=NEVER",
            "BDAT 99999999999999999999\r\n", "BDAT 9223372036854775807\r\n", " SIZE=99999999999999999999", "\r\n\r\n\0\r\nQUIT\n",
            "PROXY TCP4 192.0.2.7 192.0.2.25 40000 25\r\n", "PROXY TCP6 ::1 ::ffff:192.0.2.7 1 65535\r\n", "PROXY UNKNOWN\r\n", "\x21\x11\0\x0c",
            "\x03\0\x04", "\x05\0\u0002ab", "AUTH LOGIN\r\n", "AUTH PLAIN AHUAcA==\r\n", "AUTH X-TALK ", "*\r\n", "dQ==\r\n", "bm8=\r\n",
            "bGF0ZXI=\r\n", "Ynll\r\n",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public byte[] Mutate(byte[] input, byte[] other)
    {
        var octets = new List<byte>(input);
        for (var steps = random.Next(2) == 0 ? 1 : random.Next(1, MostSteps + 1); steps > 0; steps--)
        {
            Step(octets, other);
            if (octets.Count > LongestInput)
            {
                octets.RemoveRange(LongestInput, octets.Count - LongestInput);
            }
        }

        return [.. octets];
    }

    private void Step(List<byte> octets, byte[] other)
    {
        var at = random.Next(octets.Count + 1);
        var length = random.Next(Math.Min(octets.Count - at, random.Next(4) == 0 ? LongestInput : 64) + 1);
        switch (random.Next(12))
        {
            case 0:
                octets.RemoveRange(at, length);
                break;
            case 1:
                octets.InsertRange(at, octets.GetRange(at, length));
                break;
            case 2:
                octets.InsertRange(random.Next(octets.Count + 1), octets.GetRange(at, length));
                break;
            case 3:
                Splice(octets, at, other);
                break;
            case 4:
                Change(octets, at, octet => (byte)(octet ^ (1 << random.Next(8))));
                break;
            case 5:
                Change(octets, at, _ => (byte)random.Next(256));
                break;
            case 6:
                octets.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(1, LongestRun)));
                break;
            case 7:
                ChangeLineEnd(octets, at);
                break;
            case 8:
                Change(octets, at, static octet => char.IsAsciiLetter((char)octet) ? (byte)(octet ^ 0x20) : octet);
                break;
            default:
                octets.InsertRange(random.Next(3) == 0 ? LineStart(octets, at) : at, Tokens[random.Next(Tokens.Length)]);
                break;
        }
    }

    private void Splice(List<byte> octets, int at, byte[] other)
    {
        var from = random.Next(other.Length + 1);
        if (random.Next(2) == 0)
        {
            octets.RemoveRange(at, octets.Count - at);
        }

        octets.InsertRange(at, other[from..]);
    }

    private void ChangeLineEnd(List<byte> octets, int at)
    {
        var end = octets.IndexOf((byte)'\r', Math.Min(at, octets.Count));
        if (end >= 0)
        {
            octets.RemoveRange(end, random.Next(1, Math.Min(2, octets.Count - end) + 1));
            octets.InsertRange(end, Tokens[random.Next(5)]);
        }
    }

    private static void Change(List<byte> octets, int at, Func<byte, byte> change)
    {
        if (at < octets.Count)
        {
            octets[at] = change(octets[at]);
        }
    }

    private static int LineStart(List<byte> octets, int at) => at == 0 ? 0 : octets.LastIndexOf((byte)'\n', at - 1) + 1;
}
