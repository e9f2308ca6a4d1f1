namespace SmtpProxy.TestKit;

/// <summary>Makes an <see cref="EtcdServer"/> speak TLS and demand a client certificate.</summary>
/// <param name="Certificate">PEM file of its certificate.</param>
/// <param name="Key">PEM file of the key.</param>
/// <param name="Authority">PEM file of the authority that clients' certificates come from.</param>
public sealed record EtcdTls(string Certificate, string Key, string Authority);
