using SmtpProxy.TestKit.Servers;

namespace SmtpProxy.TestKit.Cases;

/// <summary>One variant of one case, ready to be played.</summary>
public sealed record CaseVariant
{
    /// <summary>The case.</summary>
    public required string Id { get; init; }

    /// <summary>What the case is about.</summary>
    public required string Title { get; init; }

    /// <summary>The variant; empty when the case has none.</summary>
    public string Variant { get; init; } = "";

    /// <summary>How the proxy is set up.</summary>
    public CaseSettings Config { get; init; } = new();

    /// <summary>The listener that the client connects to; null: the first one.</summary>
    public string? Listener { get; init; }

    /// <summary>What the client does.</summary>
    public IReadOnlyList<ClientStep> ClientSteps { get; init; } = [];

    /// <summary>What the servers do.</summary>
    public IReadOnlyList<ServerEntry> BackendScript { get; init; } = [];

    /// <summary>What the servers must have got.</summary>
    public IReadOnlyList<Expectation> ExpectBackendReceived { get; init; } = [];

    /// <summary>Patterns in this order in what the client read.</summary>
    public IReadOnlyList<string> ExpectClient { get; init; } = [];

    /// <summary>Patterns nowhere in what the client got.</summary>
    public IReadOnlyList<string> ExpectClientNot { get; init; } = [];

    /// <summary>Patterns in no line that the proxy wrote.</summary>
    public IReadOnlyList<string> ExpectLogNot { get; init; } = [];

    /// <summary>Case and variant.</summary>
    public string Name => Variant.Length > 0 ? $"{Id} / {Variant}" : Id;

    /// <summary>The servers' names, in the order in which the case has them.</summary>
    public IReadOnlyList<string> ServerNames => [.. BackendScript.Select(entry => entry.Backend).Concat(Config.Backends).Distinct()];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
