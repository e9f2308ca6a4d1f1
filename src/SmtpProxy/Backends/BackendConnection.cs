using System.IO.Pipelines;
using System.Net;

namespace SmtpProxy.Backends;

/// <summary>A connection to a server, before anything was said on it.</summary>
/// <param name="Transport">The octets in both directions.</param>
/// <param name="RemoteEndPoint">The address that answered.</param>
/// <param name="Lifetime">Closes the connection at once when disposed.</param>
/// <param name="LocalEndPoint">Asks for the proxy's own address, which few need; null where there is none.</param>
internal sealed record BackendConnection(
    IDuplexPipe Transport, EndPoint RemoteEndPoint, IDisposable Lifetime, Func<EndPoint?>? LocalEndPoint = null);
