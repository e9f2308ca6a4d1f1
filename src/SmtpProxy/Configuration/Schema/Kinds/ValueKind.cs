using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmtpProxy.Configuration.Schema.Kinds;

/// <summary>What the values of a key are like: how they are read, checked, written and described.</summary>
internal abstract class ValueKind
{
    /// <summary>The type, for messages.</summary>
    public abstract string Type { get; }

    /// <summary>What is allowed, for messages.</summary>
    public abstract string Allowed { get; }

    /// <summary>Both, for the reference.</summary>
    public virtual string Summary => $"{Type}: {Allowed}";

    /// <summary>Reads a value; what cannot be read becomes an error.</summary>
    public abstract bool TryRead(JsonElement json, KeyPath path, BindContext context, out object? value);

    /// <summary>Adds an error when a value, of the right type, is not allowed.</summary>
    public abstract void Check(object value, KeyPath path, ConfigErrors errors);

    /// <summary>Writes a value.</summary>
    public abstract JsonNode Write(object value, SchemaReader reader);

    /// <summary>The default as it is used when the key is missing.</summary>
    public virtual object? Complete(object? value, BindContext context) => value;

    /// <summary>The message about something that is not allowed.</summary>
    protected string Refuse(string shown) => $"{shown} is not {Article(Type)} {Type}; allowed: {Allowed}";

    private static string Article(string noun) => "aeioAEIO".Contains(noun[0]) ? "an" : "a";
}
