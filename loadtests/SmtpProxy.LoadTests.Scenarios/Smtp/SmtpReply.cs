namespace SmtpProxy.LoadTests.Scenarios.Smtp;

/// <summary>What a server answered.</summary>
/// <param name="Code">The three digits; 0 when there were none.</param>
/// <param name="Text">The last line of a refusal; empty for other replies, which are too many to keep.</param>
public readonly record struct SmtpReply(int Code, string Text);
