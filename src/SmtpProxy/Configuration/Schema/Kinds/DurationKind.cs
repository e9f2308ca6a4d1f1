using System.Text.Json;
using SmtpProxy.Configuration.Formats;

namespace SmtpProxy.Configuration.Schema.Kinds;

/// <summary>A duration within bounds.</summary>
internal sealed class DurationKind(TimeSpan min, TimeSpan max) : ScalarKind
{
    private readonly string _range = $"{DurationFormatter.Format(min)} to {DurationFormatter.Format(max)}";

    /// <inheritdoc/>
    public override string Type => "duration";

    /// <inheritdoc/>
    public override string Allowed => DurationParser.Forms;

    /// <inheritdoc/>
    public override string Summary => $"duration: {_range}";

    /// <inheritdoc/>
    public override void Check(object value, KeyPath path, ConfigErrors errors)
    {
        if ((TimeSpan)value < min || (TimeSpan)value > max)
        {
            errors.Add(path, $"{JsonText.Show(Show(value))} is out of range; allowed: {_range}");
        }
    }

    /// <inheritdoc/>
    protected override object? Parse(JsonElement json, BindContext context) =>
        TextOf(json) is { } text && DurationParser.TryParse(text, out var duration) ? duration : null;

    /// <inheritdoc/>
    protected override string Show(object value) => DurationFormatter.Format((TimeSpan)value);
}
