using System.Text.Json;

namespace SmtpProxy.Configuration.Schema.Kinds;

/// <summary>One of the names of a list; read without regard to case, kept in the list's own.</summary>
internal sealed class NameKind(IReadOnlyList<string> known) : ScalarKind
{
    /// <inheritdoc/>
    public override string Type => "known name";

    /// <inheritdoc/>
    public override string Allowed => string.Join(", ", known);

    /// <inheritdoc/>
    protected override object? Parse(JsonElement json, BindContext context) =>
        TextOf(json) is { } name ? known.FirstOrDefault(x => x.Equals(name, StringComparison.OrdinalIgnoreCase)) : null;

    /// <inheritdoc/>
    protected override bool IsAllowed(object value) => known.Contains((string)value, StringComparer.Ordinal);
}
