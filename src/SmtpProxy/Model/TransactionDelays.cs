namespace SmtpProxy.Model;

/// <summary>Where the time of a transaction went, in the order of Postfix's <c>delays=a/b/c/d</c>.</summary>
/// <param name="Routing">From MAIL FROM to the chosen destination, the affinity store included.</param>
/// <param name="Queue">Waiting for a free connection.</param>
/// <param name="Connection">Connect, greeting and EHLO.</param>
/// <param name="Transmission">Envelope, body and final reply.</param>
public readonly record struct TransactionDelays(TimeSpan Routing, TimeSpan Queue, TimeSpan Connection, TimeSpan Transmission);
