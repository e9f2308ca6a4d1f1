using System.Net;
using SmtpProxy.Protocol.ProxyProtocol;

namespace SmtpProxy.Connections;

/// <summary>The PROXY header with which a connection began. The connection's own end points are those of the header, if it names any.</summary>
public interface IProxyProtocolFeature
{
    /// <summary>What the header says.</summary>
    ProxyHeader Header { get; }

    /// <summary>Who made the connection: the balancer.</summary>
    EndPoint? SocketRemoteEndPoint { get; }

    /// <summary>The address at which the connection arrived.</summary>
    EndPoint? SocketLocalEndPoint { get; }
}
