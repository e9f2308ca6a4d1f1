using System.Net;
using SmtpProxy.Protocol.ProxyProtocol;

namespace SmtpProxy.Connections;

/// <inheritdoc cref="IProxyProtocolFeature"/>
internal sealed record ProxyProtocolFeature(ProxyHeader Header, EndPoint? SocketRemoteEndPoint, EndPoint? SocketLocalEndPoint)
    : IProxyProtocolFeature;
