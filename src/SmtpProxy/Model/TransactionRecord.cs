using SmtpProxy.Protocol;

namespace SmtpProxy.Model;

/// <summary>The one outcome record of a finished transaction. Failure counting, metrics and the log line consume it and nothing else.</summary>
public sealed record TransactionRecord
{
    /// <summary>UUIDv7 of the transaction, the same through all its attempts.</summary>
    public required Guid Id { get; init; }

    /// <summary>Position of the transaction within its session, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>What the client said.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>Name of the route that matched; null when none did.</summary>
    public string? Route { get; init; }

    /// <summary>Identifier of the cluster; null when no route matched.</summary>
    public string? Cluster { get; init; }

    /// <summary>The sender key, or none.</summary>
    public SenderKey Key { get; init; }

    /// <summary>How affinity took part.</summary>
    public AffinityUse Affinity { get; init; }

    /// <summary>The entry in force when the destination was chosen, or null.</summary>
    public AffinityEntry? Entry { get; init; }

    /// <summary>Where a sender whose entry fails should go next: the destination that served, else the next candidate; null when there is none.</summary>
    public string? Fallback { get; init; }

    /// <summary>The attempts in order; the last one gave the verdict. Empty when no server was tried.</summary>
    public required IReadOnlyList<AttemptRecord> Attempts { get; init; }

    /// <summary>The servers' replies, counted by kind.</summary>
    public required IReadOnlyList<ReplyCount> Replies { get; init; }

    /// <summary>What became of it.</summary>
    public required TransactionOutcome Outcome { get; init; }

    /// <summary>The stage that decided the outcome.</summary>
    public required TransactionStage Stage { get; init; }

    /// <summary>Code of the reply that the client got for it last; 0 when there was none.</summary>
    public int Code { get; init; }

    /// <summary>Enhanced code of that reply.</summary>
    public EnhancedStatusCode Enhanced { get; init; }

    /// <summary>Text of that reply, at most 512 characters; may hold hostile text.</summary>
    public string ReplyText { get; init; } = "";

    /// <summary>Recipients that the server accepted.</summary>
    public int AcceptedRecipients { get; init; }

    /// <summary>Recipients that the server deferred (4xx) while it accepted others.</summary>
    public int DeferredRecipients { get; init; }

    /// <summary>Octets of message text passed to the server.</summary>
    public long Bytes { get; init; }

    /// <summary>From MAIL FROM to the end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Where that time went.</summary>
    public TransactionDelays Delays { get; init; }

    /// <summary>True when the client session was encrypted.</summary>
    public bool IsTls { get; init; }

    /// <summary>Identifier of the destination of the last attempt, or null.</summary>
    public string? Destination => Attempts.Count == 0 ? null : Attempts[^1].Destination;
}
