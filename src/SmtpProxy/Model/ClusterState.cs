namespace SmtpProxy.Model;

/// <summary>The long-lived identity of one pool of destinations.</summary>
public sealed class ClusterState(string id, ClusterModel model)
{
    private volatile ClusterModel _model = model;
    private int _turn;

    /// <summary>Identifier of the cluster.</summary>
    public string Id { get; } = id;

    /// <summary>Present configuration: read once per transaction.</summary>
    public ClusterModel Model
    {
        get => _model;
        set => _model = value;
    }

    /// <summary>Counts up by one with every call, in this process: whose turn it is.</summary>
    public uint NextTurn() => (uint)Interlocked.Increment(ref _turn);
}
