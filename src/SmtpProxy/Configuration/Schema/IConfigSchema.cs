using System.Text.Json;

namespace SmtpProxy.Configuration.Schema;

/// <summary>The keys of one section, in both directions.</summary>
internal interface IConfigSchema
{
    /// <summary>The keys, in the order they are documented.</summary>
    IReadOnlyList<ConfigKey> Keys { get; }

    /// <summary>Builds the record of the section.</summary>
    /// <param name="json">The section; null: all defaults.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="context">Takes the errors.</param>
    object Bind(JsonElement? json, KeyPath path, BindContext context);

    /// <summary>All keys of the section and below with their values.</summary>
    /// <param name="record">The record.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="reader">How to read.</param>
    IEnumerable<ConfigValue> Read(object record, KeyPath path, SchemaReader reader);
}
