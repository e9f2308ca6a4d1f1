namespace SmtpProxy.Host.Commands;

/// <summary>Ends a command with a message for the operator and an exit code.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="Commands.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
