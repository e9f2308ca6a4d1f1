using Mvccpb;

namespace SmtpProxy.Etcd;

/// <summary>What became of a conditional write.</summary>
/// <param name="IsDone">True when the key holds what was to be written.</param>
/// <param name="Revision">The revision of that write.</param>
/// <param name="Found">Otherwise what the key holds instead, or null for nothing.</param>
internal readonly record struct EtcdOutcome(bool IsDone, long Revision, KeyValue? Found);
