using System.Text;

namespace SmtpProxy.IntegrationTests.Differential;

/// <summary>Random texts of messages as they go over the wire: dots, octets above 127, long and empty lines.</summary>
internal static class MessageText
{
    private const int MostLines = 40;
    private const int LongestLine = 900;

    /// <summary>A text with stuffed dots and its end mark. It has the fields that a server would otherwise add.</summary>
    public static string Create(Random random, string id)
    {
        var text = new StringBuilder(
            $"From: <a@example.com>\r\nTo: <b@example.org>\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <{id}@test>\r\nSubject: test {id}\r\n");
        if (random.Next(6) != 0)
        {
            text.Append("\r\n");
            for (var lines = random.Next(MostLines); lines > 0; lines--)
            {
                var line = Line(random);
                text.Append(line.StartsWith('.') ? "." : "").Append(line).Append("\r\n");
            }
        }

        return text.Append(".\r\n").ToString();
    }

    private static string Line(Random random) => random.Next(10) switch
    {
        0 => "",
        1 => ".",
        2 => "..",
        3 => ". dot and blank ",
        4 => ".\t.",
        5 => string.Create(random.Next(80), random, Fill(0x80, 0x100)),
        6 => string.Create(random.Next(LongestLine), random, Fill(0x21, 0x7f)),
        7 => "From someone who looks like a separator",
        _ => string.Create(random.Next(80), random, Fill(0x20, 0x7f)),
    };

    private static System.Buffers.SpanAction<char, Random> Fill(int first, int end) => (line, random) =>
    {
        for (var i = 0; i < line.Length; i++)
        {
            line[i] = (char)random.Next(first, end);
        }
    };
}
