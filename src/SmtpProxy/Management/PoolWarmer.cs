using SmtpProxy.Backends;
using SmtpProxy.Model;
using SmtpProxy.Routing;

namespace SmtpProxy.Management;

/// <summary>Tells the pools of a configuration under which name to open sessions before there is mail: that of the first listener, by name, whose mail can
/// come there.</summary>
internal static class PoolWarmer
{
    /// <summary>Begins to open them; does not wait for servers.</summary>
    public static void Begin(ProxySnapshot snapshot, BackendPools pools)
    {
        var told = new HashSet<DestinationState>();
        foreach (var (name, listener) in snapshot.Config.Listeners.OrderBy(static x => x.Key, StringComparer.OrdinalIgnoreCase))
        {
            foreach (var destination in snapshot.Routes.ClustersOf(name).SelectMany(static cluster => cluster.Model.Destinations))
            {
                if (told.Add(destination))
                {
                    pools.KeepWarm(destination, listener.Hostname);
                }
            }
        }
    }
}
