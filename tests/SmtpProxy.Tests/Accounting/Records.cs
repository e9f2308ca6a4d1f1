using System.Net;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Tests.Accounting;

/// <summary>Finished transactions to account for.</summary>
internal static class Records
{
    public static readonly Guid Id = new("0190c0de-0000-7000-8000-000000000001");

    /// <summary>A message that mta2 took.</summary>
    public static TransactionRecord Relayed(string sender = "a@x.example", string helo = "client.example", string reply = "2.0.0 Ok: queued as 4Zx1") => new()
    {
        Id = Id,
        Number = 1,
        Envelope = Envelope(sender, helo),
        Route = "default",
        Cluster = "pool",
        Key = new SenderKey(sender),
        Affinity = AffinityUse.Hit,
        Attempts = [Attempt("mta1", TransactionStage.Connect, AttemptResult.ConnectionLost), Attempt("mta2")],
        Replies = [],
        Outcome = TransactionOutcome.Relayed,
        Stage = TransactionStage.FinalReply,
        Code = 250,
        Enhanced = new EnhancedStatusCode(2, 0, 0),
        ReplyText = reply,
        AcceptedRecipients = 2,
        Bytes = 1234,
        Duration = TimeSpan.FromMilliseconds(250),
        Delays = new TransactionDelays(
            TimeSpan.FromMilliseconds(10), TimeSpan.Zero, TimeSpan.FromMilliseconds(1230), TimeSpan.FromSeconds(12.4)),
    };

    public static AttemptRecord Attempt(
        string destination, TransactionStage stage = TransactionStage.FinalReply, AttemptResult result = AttemptResult.Answered) =>
        new(destination, new IPEndPoint(IPAddress.Parse("10.0.0.6"), 25), stage, result, 0, default, false);

    public static Envelope Envelope(string sender, string helo = "client.example", IPAddress? client = null) => new()
    {
        Client = new ClientIdentity(
            "s1AB", "mx", new IPEndPoint(client ?? IPAddress.Parse("192.0.2.7"), 40_000), new IPEndPoint(IPAddress.Loopback, 2525)),
        Helo = helo,
        Sender = sender,
        SenderAt = sender.LastIndexOf('@'),
        MailCommand = default,
        BareMailCommand = default,
    };
}
