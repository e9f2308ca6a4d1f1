using SmtpProxy.Configuration;

namespace SmtpProxy.Model;

/// <summary>A destination as configured at one moment; immutable, replaced whole on reload.</summary>
/// <param name="Config">What the operator wrote.</param>
/// <param name="Connection">The cluster's connection settings with the destination's own laid over them.</param>
/// <param name="Host">Name or address to connect to.</param>
/// <param name="Port">TCP port.</param>
public sealed record DestinationModel(DestinationConfig Config, ConnectionConfig Connection, string Host, int Port);
