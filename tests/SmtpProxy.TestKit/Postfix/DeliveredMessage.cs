using System.Text.RegularExpressions;

namespace SmtpProxy.TestKit.Postfix;

/// <summary>A message in a mailbox.</summary>
/// <param name="Text">The whole text as Latin-1, with the lines that Postfix put before it.</param>
public sealed partial record DeliveredMessage(string Text)
{
    /// <summary>The Message-ID field, which tells messages apart; empty without one.</summary>
    public string MessageId => Field("Message-ID");

    /// <summary>The recipient that this copy is for.</summary>
    public string Recipient => Field("Delivered-To");

    /// <summary>The envelope sender; empty for the null sender.</summary>
    public string Sender => Field("Return-Path").Trim('<', '>');

    private string Field(string name)
    {
        var head = Text.Split("\n\n", 2)[0];
        return Fields().Matches(head).Where(field => field.Groups[1].Value.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(field => field.Groups[2].Value.Trim()).FirstOrDefault("");
    }

    [GeneratedRegex("^([!-9;-~]+):([^\n]*)", RegexOptions.Multiline)]
    private static partial Regex Fields();
}
