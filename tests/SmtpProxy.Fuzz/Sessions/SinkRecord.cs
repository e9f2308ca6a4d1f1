namespace SmtpProxy.Fuzz.Sessions;

/// <summary>What the server behind the proxy got since it was last asked.</summary>
/// <param name="Texts">The octets behind each 354 that it answered 250, the end included.</param>
/// <param name="Complaints">What no proxy may send.</param>
internal sealed record SinkRecord(IReadOnlyList<byte[]> Texts, IReadOnlyList<string> Complaints);
