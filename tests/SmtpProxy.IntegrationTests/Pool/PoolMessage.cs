namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>A message to be sent.</summary>
/// <param name="Id">Its Message-ID, with the angle brackets.</param>
/// <param name="Sender">The envelope sender.</param>
public sealed record PoolMessage(string Id, string Sender);
