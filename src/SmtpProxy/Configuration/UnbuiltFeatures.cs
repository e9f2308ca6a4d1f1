using System.Text.Json.Nodes;
using SmtpProxy.Configuration.Schema;

namespace SmtpProxy.Configuration;

/// <summary>
/// Keys of the contract whose feature this version does not have. A row goes away together with the gap it names; until then a value
/// that asks for the feature is refused when safety hangs on it, and reported when it merely has no effect.
/// </summary>
internal static class UnbuiltFeatures
{
    private static readonly string[] BuiltKeyPolicies =
        [.. SenderKeyPolicies.All.Where(static x => x != SenderKeyPolicies.SenderOrganizationalDomain)];

    private static readonly UnbuiltFeature[] Rows =
    [
        new("Clusters:*:Connection:ReplayLimit", IsRefused: false, "262144"),
        new("Clusters:*:Destinations:*:Connection:ReplayLimit", IsRefused: false, "262144"),
        new("Clusters:*:SessionAffinity:Policy", IsRefused: true, BuiltKeyPolicies),
        new("Clusters:*:SessionAffinity:NullSenderKey", IsRefused: true, BuiltKeyPolicies),
        new("Clusters:*:HealthCheck:Active:Enabled", IsRefused: false, "false"),
        new("Clusters:*:HealthCheck:Passive:Enabled", IsRefused: false, "false"),
        new("Clusters:*:Overflow:Soft", IsRefused: false),
        new("Clusters:*:Overflow:Hard", IsRefused: false),
        new("Ledger:Enabled", IsRefused: false, "false"),
        new("Dns:Servers", IsRefused: false),
    ];

    private static readonly Dictionary<string, UnbuiltFeature> ByPattern = Rows.ToDictionary(x => x.Pattern);

    /// <summary>All rows.</summary>
    public static IReadOnlyList<UnbuiltFeature> All => Rows;

    /// <summary>The row of a key; null when all its values work.</summary>
    public static UnbuiltFeature? Find(string pattern) => ByPattern.GetValueOrDefault(pattern);

    /// <summary>The row that a value asks in vain for; null when the value works.</summary>
    public static UnbuiltFeature? Find(ConfigValue value) =>
        Find(value.Key.Pattern) is { } row && !value.IsDefault && !row.Allowed.Contains(Text(value.Json)) ? row : null;

    /// <summary>The value as rows have it.</summary>
    public static string Text(JsonNode? json) =>
        json is JsonValue value && value.TryGetValue<string>(out var text) ? text : json?.ToJsonString() ?? string.Empty;
}
