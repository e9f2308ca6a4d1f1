using SmtpProxy.Infrastructure;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>Gathers what the outcome record of one transaction says. Bounded: attempts by the candidates, replies by kind.</summary>
internal sealed class TransactionJournal
{
    // No option: a sound server needs a dozen. Those beyond are counted all the same, without their codes: one kind for each server and stage.
    private const int MaxReplyKinds = 64;
    private const int MaxReplyText = 512;

    private readonly List<AttemptRecord> _attempts = new(1);
    private readonly List<ReplyCount> _replies = new(4);

    public IReadOnlyList<AttemptRecord> Attempts => _attempts;

    public IReadOnlyList<ReplyCount> Replies => _replies;

    /// <summary>Stage, code and text of what the client was told last.</summary>
    public TransactionStage Stage { get; private set; }

    public int Code { get; private set; }

    public EnhancedStatusCode Enhanced { get; private set; }

    public string Text { get; private set; } = "";

    public TimeSpan RoutingDelay { get; set; }

    public TimeSpan QueueDelay { get; set; }

    public TimeSpan ConnectionDelay { get; set; }

    public int AcceptedRecipients { get; set; }

    public int DeferredRecipients { get; set; }

    public long Bytes { get; set; }

    /// <summary>True when an attempt so far counts as a failure of the sender's destination.</summary>
    public bool HasCountedFailure { get; private set; }

    public void Attempt(AttemptRecord attempt)
    {
        _attempts.Add(attempt);
        HasCountedFailure |= attempt.CountsAgainstSender;
    }

    /// <summary>Notes a reply that a server gave, whether the client sees it or not.</summary>
    public void Reply(string destination, TransactionStage stage, in SmtpReply reply)
    {
        if (TryCount(destination, stage, reply.Code, reply.Enhanced))
        {
            return;
        }

        if (_replies.Count < MaxReplyKinds)
        {
            _replies.Add(new ReplyCount(destination, stage, reply.Code, reply.Enhanced, 1));
        }
        else if (!TryCount(destination, stage, code: 0, default))
        {
            _replies.Add(new ReplyCount(destination, stage, Code: 0, default, 1));
        }
    }

    /// <summary>Notes that the client was passed a server's reply.</summary>
    public void Told(TransactionStage stage, in SmtpReply reply)
    {
        Stage = stage;
        Code = reply.Code == 421 ? 451 : reply.Code;
        Enhanced = reply.Enhanced;
        // The text of an intermediate step is of no use to anybody once the next one is answered.
        Text = stage == TransactionStage.FinalReply || !(reply.IsPositive || reply.IsIntermediate)
            ? WireText.Decode(reply.Octets, MaxReplyText).TrimEnd('\r', '\n') : "";
    }

    /// <summary>Notes that the client was told a text of the proxy's own.</summary>
    public void Told(TransactionStage stage, ReadOnlySpan<byte> text)
    {
        Stage = stage;
        Text = WireText.Decode(text);
        Code = int.TryParse(text[..3], out var code) ? code : 0;
        Enhanced = EnhancedStatusCode.TryParse(text[4..], out var enhanced, out _) ? enhanced : default;
    }

    private bool TryCount(string destination, TransactionStage stage, int code, EnhancedStatusCode enhanced)
    {
        for (var i = 0; i < _replies.Count; i++)
        {
            var kind = _replies[i];
            if (kind.Stage == stage && kind.Code == code && kind.Enhanced == enhanced && kind.Destination == destination)
            {
                _replies[i] = kind with { Count = kind.Count + 1 };
                return true;
            }
        }

        return false;
    }
}
