namespace SmtpProxy.Fuzz;

/// <summary>An input broke an invariant.</summary>
internal sealed class FuzzFailureException(string message) : Exception(message);
