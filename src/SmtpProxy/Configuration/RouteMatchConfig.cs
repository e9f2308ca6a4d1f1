namespace SmtpProxy.Configuration;

/// <summary>What a transaction must fit for a route; a list fits when one of its entries does, an empty one always.</summary>
public sealed record RouteMatchConfig
{
    /// <summary>Domains of the sender: <c>example.de</c>, or <c>*.example.de</c> for all below it.</summary>
    public IReadOnlyList<string> SenderDomains { get; init; } = [];

    /// <summary>Addresses of the sender; <c>&lt;&gt;</c> is the null sender.</summary>
    public IReadOnlyList<string> Senders { get; init; } = [];

    /// <summary>Networks of the client: <c>10.0.0.0/8</c>, or a single address.</summary>
    public IReadOnlyList<string> ClientNetworks { get; init; } = [];

    /// <summary>Names of the listeners the client came in by.</summary>
    public IReadOnlyList<string> Listeners { get; init; } = [];
}
