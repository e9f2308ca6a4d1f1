using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>Turns a sender key into the form that stores and caches may keep.</summary>
internal interface ISenderKeyHasher
{
    /// <summary>The key of <paramref name="sender"/>, which is not none, in a cluster.</summary>
    AffinityKey Hash(string cluster, SenderKey sender);
}
