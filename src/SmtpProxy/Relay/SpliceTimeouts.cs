namespace SmtpProxy.Relay;

/// <summary>How long a spliced session may stand still.</summary>
/// <param name="Command">Between commands.</param>
/// <param name="Body">Within a text.</param>
/// <param name="Reply">While the server owes an answer.</param>
internal readonly record struct SpliceTimeouts(TimeSpan Command, TimeSpan Body, TimeSpan Reply);
