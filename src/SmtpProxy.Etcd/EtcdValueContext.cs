using System.Text.Json.Serialization;

namespace SmtpProxy.Etcd;

/// <summary>Reads and writes <see cref="EtcdValue"/> without reflection.</summary>
[JsonSerializable(typeof(EtcdValue))]
internal sealed partial class EtcdValueContext : JsonSerializerContext;
