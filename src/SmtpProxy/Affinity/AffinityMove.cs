using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>Where an entry goes, and why.</summary>
/// <param name="Destination">The destination from now on.</param>
/// <param name="Reason">Why.</param>
/// <param name="AvoidFor">How long the former destination is the last resort for the sender; zero: not at all.</param>
internal readonly record struct AffinityMove(string Destination, AffinityReason Reason, TimeSpan AvoidFor = default);
