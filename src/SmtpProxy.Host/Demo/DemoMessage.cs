using MimeKit;
using MimeKit.Text;

namespace SmtpProxy.Host.Demo;

/// <summary>One message of the demo, the same in every attempt to send it.</summary>
/// <param name="Id">Its Message-Id without brackets.</param>
/// <param name="Sender">Who sends it.</param>
internal sealed record DemoMessage(string Id, string Sender)
{
    private const string Recipient = "someone@example.net";

    /// <summary>The message as it goes out.</summary>
    public MimeMessage ToMime()
    {
        var message = new MimeMessage { MessageId = Id, Subject = $"Message {Id}" };
        message.From.Add(MailboxAddress.Parse(Sender));
        message.To.Add(MailboxAddress.Parse(Recipient));
        message.Body = new TextPart(TextFormat.Plain) { Text = $"Greetings from {Sender}.\r\n" };
        return message;
    }
}
