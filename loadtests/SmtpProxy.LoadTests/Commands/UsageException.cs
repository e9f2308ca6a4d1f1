namespace SmtpProxy.LoadTests.Commands;

/// <summary>What was asked for is not possible; the message says why.</summary>
internal sealed class UsageException(string message) : Exception(message);
