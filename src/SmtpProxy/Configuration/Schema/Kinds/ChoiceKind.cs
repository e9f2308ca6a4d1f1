using System.Text.Json;

namespace SmtpProxy.Configuration.Schema.Kinds;

/// <summary>One member of an enumeration, by name.</summary>
internal sealed class ChoiceKind<TEnum> : ScalarKind
    where TEnum : struct, Enum
{
    /// <inheritdoc/>
    public override string Type => "known value";

    /// <inheritdoc/>
    public override string Allowed => string.Join(", ", Enum.GetNames<TEnum>());

    /// <inheritdoc/>
    protected override object? Parse(JsonElement json, BindContext context) =>
        // Enum.TryParse alone would take numbers and lists, too.
        TextOf(json) is { } name && Enum.GetNames<TEnum>().Contains(name, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<TEnum>(name, ignoreCase: true)
            : null;

    /// <inheritdoc/>
    protected override bool IsAllowed(object value) => Enum.IsDefined((TEnum)value);
}
