using SmtpProxy.Infrastructure;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Routing;

namespace SmtpProxy.Sessions;

/// <summary>One transaction, from MAIL FROM to the end of data or its abandonment, over all the servers that it tries.</summary>
internal sealed class Transaction(Envelope envelope, int number, RouteMatch? match, TimeProvider time)
{
    /// <summary>True when the client sent it under TLS.</summary>
    public bool IsTls { get; init; }

    /// <summary>The one server that may serve it, because the client has logged in there; null: any.</summary>
    public BackendSession? Bound { get; init; }

    /// <summary>True once the client was told that this server is lost: its session ends with that.</summary>
    public bool HasLostLogin { get; set; }

    /// <summary>True when this server refused for the time being, and for a reason of its own.</summary>
    public bool WasRefusedByHost { get; set; }

    public Guid Id { get; } = TransactionIds.Next(time.GetUtcNow());

    public Envelope Envelope { get; } = envelope;

    public int Number { get; } = number;

    public RouteMatch? Match { get; } = match;

    /// <summary>What servers may be told of the client.</summary>
    public ForwardedClient Client { get; } =
        new(envelope.Client.RemoteEndPoint, envelope.Client.LocalEndPoint, envelope.Helo, envelope.IsEsmtp)
        {
            Session = envelope.Client.SessionId,
            Number = number,
        };

    /// <summary>Timestamp of the injected clock at MAIL FROM.</summary>
    public long StartedAt { get; } = time.GetTimestamp();

    /// <summary>What affinity is kept for, or none.</summary>
    public SenderKey Key => Match?.Key ?? SenderKey.None;

    /// <summary>The entry in force when the first destination was chosen, or null.</summary>
    public AffinityEntry? Entry { get; set; }

    public AffinityUse Affinity { get; set; }

    /// <summary>The session that the transaction holds, or null between attempts.</summary>
    public BackendSession? Server { get; set; }

    /// <summary>True once the client was told that MAIL is accepted.</summary>
    public bool IsMailAccepted { get; set; }

    /// <summary>RCPT commands that the client was told are accepted: what a replay repeats.</summary>
    public List<ReadOnlyMemory<byte>> Accepted { get; } = new(1);

    /// <summary>True once a BDAT has come, taken or refused: from then on there is no other way on than more of them.</summary>
    public bool HasChunks { get; set; }

    /// <summary>Destinations that are not asked again by this transaction.</summary>
    public List<DestinationState> Tried { get; } = new(1);

    /// <summary>A destination that gets one more try on a fresh connection.</summary>
    public DestinationState? Again { get; set; }

    /// <summary>True when that try was granted for a lost connection already: it is granted once.</summary>
    public bool HasReplayed { get; set; }

    /// <summary>True when no server can continue it: each further command of it is refused until the client resets.</summary>
    public bool IsDead { get; set; }

    /// <summary>True once the attempt at <see cref="Server"/> is in the journal: its verdict was passed on.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The last 4xx that a server gave to the command that is being answered, as the client shall see it; else null.</summary>
    public byte[]? LastRefusal { get; set; }

    public TransactionJournal Journal { get; } = new();
}
