using System.Net;
using SmtpProxy.Model;

namespace SmtpProxy.Tests.Routing;

/// <summary>Envelopes as the session hands them to routing.</summary>
internal static class Envelopes
{
    public static Envelope From(string sender, string client = "192.0.2.1", string listener = "mx") => new()
    {
        Client = new ClientIdentity("s1", listener, new IPEndPoint(IPAddress.Parse(client), 40000), new IPEndPoint(IPAddress.Loopback, 25)),
        Helo = "client.example",
        Sender = sender,
        SenderAt = LastAt(sender),
        MailCommand = default,
        BareMailCommand = default,
    };

    private static int LastAt(string sender)
    {
        var at = sender.LastIndexOf('@');
        return at > sender.LastIndexOf('"') ? at : -1;
    }
}
