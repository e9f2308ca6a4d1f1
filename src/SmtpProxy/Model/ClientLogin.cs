namespace SmtpProxy.Model;

/// <summary>As whom a client has logged in, or tries to. Holds no credentials.</summary>
/// <param name="Mechanism">Name of the SASL mechanism as the log may show it: one of a list of known ones, else <c>other</c>.</param>
/// <param name="User">The name that was given; null where only the server can read it. Hostile until the server has accepted it.</param>
public sealed record ClientLogin(string Mechanism, string? User);
