using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SmtpProxy.TestKit.Cases;

/// <summary>Reads cases. A word that this player does not know is an error: a step must not be passed over in silence.</summary>
public static class CaseFile
{
    private static readonly string[] Replaceable =
        ["client_steps", "backend_script", "expect_backend_received", "expect_client", "expect_client_not", "expect_log_not"];

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>All variants of all cases in a directory, in the order of their ids.</summary>
    public static IReadOnlyList<CaseVariant> ReadAll(string directory) =>
        [.. Directory.EnumerateFiles(directory, "*.json").Order(StringComparer.Ordinal).SelectMany(file => Parse(File.ReadAllText(file)))];

    /// <summary>The variants of a case.</summary>
    public static IReadOnlyList<CaseVariant> Parse(string json)
    {
        var whole = JsonNode.Parse(json)!.AsObject();
        var variants = whole["variants"] is JsonArray { Count: > 0 } own ? own.Select(variant => variant!.AsObject()) : [[]];
        return [.. variants.Select(variant => Expand(whole, variant))];
    }

    private static CaseVariant Expand(JsonObject whole, JsonObject variant)
    {
        var played = new JsonObject();
        foreach (var key in Replaceable)
        {
            if ((variant[key] ?? whole[key]) is { } value)
            {
                played[key] = value.DeepClone();
            }
        }

        if (variant["expect_backend_received_extra"] is JsonArray extra)
        {
            var expected = played["expect_backend_received"]?.AsArray() ?? [];
            played["expect_backend_received"] = new JsonArray([.. expected.Concat(extra).Select(item => item!.DeepClone())]);
        }

        var filled = variant["subst"] is JsonObject values ? Substitution.Fill(played, values)!.AsObject() : played;
        filled["id"] = whole["id"]!.DeepClone();
        filled["title"] = whole["title"]!.DeepClone();
        filled["variant"] = variant["name"]?.DeepClone() ?? "";
        filled["listener"] = (variant["listener"] ?? whole["listener"])?.DeepClone();
        filled["config"] = Patched(whole["config"]?.AsObject(), variant["config_patch"]?.AsObject());
        return filled.Deserialize<CaseVariant>(Options)!;
    }

    /// <summary>A patch replaces whole keys.</summary>
    private static JsonObject Patched(JsonObject? config, JsonObject? patch)
    {
        var patched = config?.DeepClone().AsObject() ?? [];
        foreach (var (key, value) in patch ?? [])
        {
            patched[key] = value?.DeepClone();
        }

        return patched;
    }
}
