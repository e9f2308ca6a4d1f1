namespace SmtpProxy.Fuzz.Sessions;

/// <summary>What a client got.</summary>
/// <param name="Received">All octets, as Latin-1.</param>
/// <param name="IsWhole">The client sent everything and heard the proxy out to its close.</param>
internal sealed record PlayedSession(string Received, bool IsWhole);
