using System.Text;

namespace SmtpProxy.LoadTests.Scenarios.Smtp;

/// <summary>The text of a message with the dot that ends it.</summary>
public static class MessageText
{
    private const int LineLength = 78;

    /// <summary>A text of about so many octets.</summary>
    public static byte[] Create(int size)
    {
        var text = new StringBuilder("From: load@example.org\r\nTo: load@example.net\r\nSubject: load\r\n\r\n", size + LineLength);
        while (text.Length + LineLength < size)
        {
            text.Append('x', LineLength - 2).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(text.Append('x', Math.Max(0, size - text.Length - 2)).Append("\r\n.\r\n").ToString());
    }
}
