namespace SmtpProxy.TestKit.Cases;

/// <summary>How a case went.</summary>
/// <param name="Complaint">The first thing that was not right; null when all was.</param>
/// <param name="LogTail">The last lines that the proxy wrote.</param>
public sealed record CaseResult(string? Complaint, IReadOnlyList<string> LogTail)
{
    /// <summary>True when all was as the case expects.</summary>
    public bool IsRight => Complaint is null;

    /// <inheritdoc/>
    public override string ToString() =>
        IsRight ? "ok" : $"{Complaint}{Environment.NewLine}The proxy's last lines:{Environment.NewLine}{string.Join(Environment.NewLine, LogTail)}";
}
