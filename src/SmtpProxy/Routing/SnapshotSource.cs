namespace SmtpProxy.Routing;

/// <summary>Where sessions read the configuration in force: one volatile reference.</summary>
internal sealed class SnapshotSource(ProxySnapshot initial)
{
    private volatile ProxySnapshot _current = initial;

    public ProxySnapshot Current
    {
        get => _current;
        set => _current = value;
    }
}
