namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>What was asked for is not possible; the message says why.</summary>
public sealed class UsageException(string message) : Exception(message);
