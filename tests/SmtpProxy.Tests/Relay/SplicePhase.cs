using FsCheck;
using FsCheck.Fluent;

namespace SmtpProxy.Tests.Relay;

/// <summary>What a client sends at one go, and how the server answers then.</summary>
internal sealed record SplicePhase(string Sent, params int[] Codes)
{
    private static readonly Gen<SplicePhase> Command = Gen.Elements<SplicePhase>(
        new("MAIL FROM:<a@example.com>\r\n", 250), new("RCPT TO:<r@example.org>\r\n", 250), new("RCPT TO:<no@example.org>\r\n", 550), new("NOOP\r\n", 250),
        new("RSET\r\n", 250), new("EHLO c\r\n", 250), new("BDAT 6\r\n\r\n.\r\n.", 250), new("BDAT 4 LAST\r\nQUIT", 250), new("BDAT 0 LAST\r\n", 554),
        new("X-OWN\nline\r\n", 500), new("QUIT\r\n", 221));

    private static readonly Gen<SplicePhase> Text =
        Gen.Elements("line\r\n", "..\r\n", ".x\r\n", "\r\n", "QUIT\r\n", "DATA\r\n").ArrayOf().Select(static lines => new SplicePhase(string.Concat(lines) + ".\r\n", 250));

    /// <summary>A dialogue: groups of commands, texts behind their go-ahead, logins, and now and then what nobody can follow.</summary>
    public static Arbitrary<SplicePhase[]> Dialogue { get; } = Gen.Frequency(
            (8, Command.ArrayOf().Select(static group => new[] { Joined(group) })),
            (4, from text in Text from behind in Command.ArrayOf() select new[] { new("DATA\r\n", 354), Joined([text, .. behind]) }),
            (2, Gen.Constant<SplicePhase[]>([new("DATA\r\n", 554)])),
            (2, Gen.Constant<SplicePhase[]>([new("AUTH LOGIN\r\n", 334), new("DATA\r\n", 334), new("cA==\r\n", 235)])),
            (1, Gen.Elements<SplicePhase[]>([new("BDAT x\r\n", 501)], [new("STARTTLS\r\n", 220), new("\u0016\u0003\u0001", [])], [new("DATA\r\ntoo early", 354)])))
        .ArrayOf().Select(static phases => phases.SelectMany(static phase => phase).ToArray()).ToArbitrary();

    public override string ToString() => $"{Sent.ReplaceLineEndings("|")} {string.Join(' ', Codes)}";

    private static SplicePhase Joined(SplicePhase[] group) =>
        new(string.Concat(group.Select(static phase => phase.Sent)), [.. group.SelectMany(static phase => phase.Codes)]);
}
