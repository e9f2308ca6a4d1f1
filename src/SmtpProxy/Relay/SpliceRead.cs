namespace SmtpProxy.Relay;

/// <summary>What may become of octets that a client sent.</summary>
/// <param name="Forward">So many of them go to the server.</param>
/// <param name="Consumed">So many of them are done with; the others are shown again with more behind them.</param>
internal readonly record struct SpliceRead(long Forward, long Consumed);
