using System.Net;

namespace SmtpProxy.Model;

/// <summary>Who is connected: the result of the identify stage.</summary>
/// <param name="SessionId">Short identifier of the session, unique in this process; ASCII letters and digits.</param>
/// <param name="Listener">Name of the listener that accepted the connection.</param>
/// <param name="RemoteEndPoint">The client's address and port.</param>
/// <param name="LocalEndPoint">The address that the client connected to.</param>
public sealed record ClientIdentity(string SessionId, string Listener, IPEndPoint RemoteEndPoint, IPEndPoint LocalEndPoint);
