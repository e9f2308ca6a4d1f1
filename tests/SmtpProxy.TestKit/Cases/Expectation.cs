using System.Text.Json.Serialization;

namespace SmtpProxy.TestKit.Cases;

/// <summary>What servers must have got.</summary>
public sealed record Expectation
{
    /// <summary>Name of a server; <c>any</c>: exactly one; <c>none</c>: no one; <c>b1|b2</c>: exactly one of these.</summary>
    public required string Backend { get; init; }

    /// <summary>The record that is looked at.</summary>
    public required string Where { get; init; }

    /// <summary>Pattern that must be found.</summary>
    public string? Match { get; init; }

    /// <summary>Pattern that must not be found.</summary>
    public string? NotMatch { get; init; }

    /// <summary>Exact number.</summary>
    public int? Count { get; init; }

    /// <summary>Highest number.</summary>
    public int? Le { get; init; }

    /// <summary>Texts and the addresses that their messages must have come from.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Pairs { get; init; } = [];

    /// <summary>The octets, with escapes; of a list, one item a line.</summary>
    [JsonConverter(typeof(ListAsText))]
    public string? Exact { get; init; }

    /// <summary>The octets, put together from parts.</summary>
    public IReadOnlyList<ExactPart>? ExactParts { get; init; }
}
