namespace SmtpProxy.TestKit.Cases;

/// <summary>A step did not go as the case says.</summary>
internal sealed class StepFailedException(string message) : Exception(message);
