namespace SmtpProxy.TestKit;

/// <summary>The proxy did not come up.</summary>
public sealed class ProxyStartException(string message) : Exception(message);
