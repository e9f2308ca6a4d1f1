using System.Text.Json.Serialization;

namespace SmtpProxy.Etcd;

/// <summary>The value of an entry in etcd, in JSON. Times are Unix milliseconds. Members of a later version are skipped; a value of a later
/// <see cref="Version"/> is not read.</summary>
internal sealed record EtcdValue
{
    public const int CurrentVersion = 1;

    [JsonPropertyName("v")]
    public int Version { get; init; } = CurrentVersion;

    [JsonPropertyName("dst")]
    public string Destination { get; init; } = "";

    [JsonPropertyName("why")]
    public byte Reason { get; init; }

    [JsonPropertyName("at")]
    public long AssignedAt { get; init; }

    [JsonPropertyName("exp")]
    public long ExpiresAt { get; init; }

    /// <summary>The revision that made the choice; 0 in the value that made it, which learns its revision only by being written.</summary>
    [JsonPropertyName("gen")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Generation { get; init; }

    [JsonPropertyName("avoid")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? AvoidedDestination { get; init; }

    [JsonPropertyName("until")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long? AvoidedUntil { get; init; }

    [JsonPropertyName("fixed")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsFixed { get; init; }

    /// <summary>Tells one write from every other: who does not know whether it was done reads it back.</summary>
    [JsonPropertyName("op")]
    public string Owner { get; init; } = "";
}
