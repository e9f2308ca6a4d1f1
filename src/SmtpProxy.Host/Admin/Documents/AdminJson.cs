using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmtpProxy.Host.Admin.Documents;

/// <summary>How the documents of the admin API look as JSON, for the server and for its clients.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(AffinityDocument))]
[JsonSerializable(typeof(AffinityListDocument))]
[JsonSerializable(typeof(AffinityChangeDocument))]
[JsonSerializable(typeof(RemovedDocument))]
[JsonSerializable(typeof(ClusterListDocument))]
[JsonSerializable(typeof(ExplainDocument))]
[JsonSerializable(typeof(ReloadDocument))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class AdminJson : JsonSerializerContext;
