namespace SmtpProxy.Host.Admin.Documents;

/// <summary>State of the process.</summary>
/// <param name="Status"><c>ok</c>, <c>ready</c>, <c>starting</c>, <c>draining</c> or <c>no destination</c>.</param>
/// <param name="Revision">Number of the configuration in force; absent where it does not matter.</param>
/// <param name="Store"><c>up</c> or <c>away</c>; a store that is away does not make the proxy unready.</param>
/// <param name="EmptyClusters">Clusters without a destination that can be used.</param>
internal sealed record HealthDocument(
    string Status,
    long? Revision = null,
    string? Store = null,
    IReadOnlyList<string>? EmptyClusters = null);
