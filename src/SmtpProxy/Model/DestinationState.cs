using SmtpProxy.Protocol;

namespace SmtpProxy.Model;

/// <summary>The long-lived identity of one mail server: its counters and what is known of it survive a reload.</summary>
public sealed class DestinationState(string clusterId, string id, DestinationModel model)
{
    private volatile DestinationModel _model = model;
    private volatile Knowledge? _knowledge;
    private int _inFlight;

    /// <summary>Cluster that the destination belongs to.</summary>
    public string ClusterId { get; } = clusterId;

    /// <summary>Identifier within the cluster.</summary>
    public string Id { get; } = id;

    /// <summary>Present configuration.</summary>
    public DestinationModel Model
    {
        get => _model;
        set => _model = value;
    }

    /// <summary>What the last handshake said the server offers, or null before the first one.</summary>
    public SmtpCapabilities? Capabilities => _knowledge?.Capabilities;

    /// <summary>Transactions that run on this destination now, in this process.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Records the capabilities of a finished handshake.</summary>
    public void Learn(SmtpCapabilities capabilities)
    {
        if (_knowledge is not { } known || known.Capabilities != capabilities)
        {
            _knowledge = new Knowledge(capabilities);
        }
    }

    /// <summary>A transaction begins here.</summary>
    public void Enter() => Interlocked.Increment(ref _inFlight);

    /// <summary>A transaction that began here ends or goes elsewhere.</summary>
    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <inheritdoc/>
    public override string ToString() => Id;

    private sealed record Knowledge(SmtpCapabilities Capabilities);
}
