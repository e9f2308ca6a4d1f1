namespace SmtpProxy.Configuration.Schema;

/// <summary>Where a value stands.</summary>
/// <param name="Path">As the operator sees it: <c>SmtpProxy:Clusters:pool:Connection</c>.</param>
/// <param name="Pattern">The same without the root and with <c>*</c> for names that the operator gives: <c>Clusters:*:Tls</c>.</param>
internal readonly record struct KeyPath(string Path, string Pattern)
{
    /// <summary>The root of all keys.</summary>
    public const string Root = "SmtpProxy";

    /// <summary>The file around the root.</summary>
    public static KeyPath File { get; } = new(string.Empty, string.Empty);

    /// <summary>The section that holds everything.</summary>
    public static KeyPath Top { get; } = new(Root, string.Empty);

    /// <summary>The path of a key within this section.</summary>
    public KeyPath Child(string name) => new(Join(Path, name), Join(Pattern, name));

    /// <summary>The path of a key within a section of this section.</summary>
    public KeyPath Child(string section, string name) => Child(section).Child(name);

    /// <summary>The path of an entry that the operator named.</summary>
    public KeyPath Item(string id) => new(Join(Path, id), Join(Pattern, "*"));

    private static string Join(string parent, string name) => parent.Length == 0 ? name : $"{parent}:{name}";
}
