using System.Text.Json;

namespace SmtpProxy.Configuration.Schema.Kinds;

/// <summary>A text of a certain form.</summary>
internal sealed class TextKind(string type, string allowed, Func<string, bool> isAllowed) : ScalarKind
{
    /// <inheritdoc/>
    public override string Type => type;

    /// <inheritdoc/>
    public override string Allowed => allowed;

    /// <inheritdoc/>
    protected override object? Parse(JsonElement json, BindContext context) => TextOf(json);

    /// <inheritdoc/>
    protected override bool IsAllowed(object value) => isAllowed((string)value);
}
