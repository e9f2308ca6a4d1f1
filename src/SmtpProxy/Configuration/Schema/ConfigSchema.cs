using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SmtpProxy.Configuration.Schema.Kinds;

namespace SmtpProxy.Configuration.Schema;

/// <summary>The table of the keys of a section: binding, checking, printing and the reference derive from it.</summary>
/// <typeparam name="T">The record of the section; its property initialisers are the defaults.</typeparam>
internal sealed class ConfigSchema<[DynamicallyAccessedMembers(SchemaMembers.OfRecord)] T> : IConfigSchema
    where T : class, new()
{
    private static readonly T Defaults = new();

    private readonly List<ConfigKey> _keys = [];

    /// <inheritdoc/>
    public IReadOnlyList<ConfigKey> Keys => _keys;

    /// <summary>Adds a key that may be left out.</summary>
    public ConfigSchema<T> Value<TValue>(
        Func<T, TValue> property, ValueKind kind, string meaning, [CallerArgumentExpression(nameof(property))] string text = "") =>
        Add(KeyOf(PropertyOf(property, text), kind, meaning));

    /// <summary>Adds a text that must be given.</summary>
    public ConfigSchema<T> Required(
        Func<T, string> property, ValueKind kind, string meaning, [CallerArgumentExpression(nameof(property))] string text = "") =>
        Add(KeyOf(PropertyOf(property, text), kind, meaning, isRequired: true));

    /// <summary>Adds a key of another record that this one's overrides: null here means "not set".</summary>
    public ConfigSchema<T> Override(ValueKey key) =>
        Add(KeyOf(PropertyOf(key.Name), key.Kind, $"Instead of the cluster's `{key.Name}`."));

    /// <summary>Adds a section of its own keys.</summary>
    public ConfigSchema<T> Section<[DynamicallyAccessedMembers(SchemaMembers.OfRecord)] TSection>(
        Func<T, TSection> property, ConfigSchema<TSection> schema, [CallerArgumentExpression(nameof(property))] string text = "")
        where TSection : class, new() => Add(new SectionKey(PropertyOf(property, text), schema));

    /// <summary>Adds a section whose entries the operator names.</summary>
    public ConfigSchema<T> Map<[DynamicallyAccessedMembers(SchemaMembers.OfRecord)] TItem>(
        Func<T, IReadOnlyDictionary<string, TItem>> property,
        ConfigSchema<TItem> schema,
        [CallerArgumentExpression(nameof(property))] string text = "")
        where TItem : class, new() => Add(new MapKey<TItem>(PropertyOf(property, text), schema));

    /// <summary>Adds a key made elsewhere.</summary>
    public ConfigSchema<T> Add(ConfigKey key)
    {
        _keys.Add(key);
        return this;
    }

    /// <inheritdoc/>
    public object Bind(JsonElement? json, KeyPath path, BindContext context)
    {
        var record = new T();
        var given = JsonSection.Read(json, path, _keys.Select(x => x.Name), context.Errors);
        foreach (var key in _keys)
        {
            key.Bind(record, given.TryGetValue(key.Name, out var element) ? element : null, path.Child(key.Name), context);
        }

        return record;
    }

    /// <inheritdoc/>
    public IEnumerable<ConfigValue> Read(object record, KeyPath path, SchemaReader reader) =>
        _keys.SelectMany(x => x.Read(record, path.Child(x.Name), reader));

    private static ValueKey KeyOf(PropertyInfo property, ValueKind kind, string meaning, bool isRequired = false) =>
        new(property, property.GetValue(Defaults), kind, meaning, isRequired);

    // Read off the text of x => x.Name, which compiles: an expression tree says the same, and building 150 of them is felt at each start.
    private static PropertyInfo PropertyOf<TValue>(Func<T, TValue> property, string text)
    {
        _ = property;
        return PropertyOf(text[(text.LastIndexOf('.') + 1)..]);
    }

    private static PropertyInfo PropertyOf(string name) =>
        typeof(T).GetProperty(name) ?? throw new ArgumentException($"{typeof(T).Name} has no property '{name}'.", nameof(name));
}
