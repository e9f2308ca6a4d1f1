namespace SmtpProxy.Host.Running;

/// <summary>What a reload did.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Revision">Number of the configuration in force afterwards.</param>
/// <param name="Errors">All that is wrong with the new one.</param>
/// <param name="Warnings">What is allowed and probably not meant.</param>
internal sealed record ReloadResult(ReloadStatus Status, long Revision, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings);
