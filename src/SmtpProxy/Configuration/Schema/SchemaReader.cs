namespace SmtpProxy.Configuration.Schema;

/// <summary>How values are read back from records.</summary>
/// <param name="BaseDirectory">Files below it are written relative to it; null: as they are.</param>
/// <param name="IsTemplate">Each dictionary is read as one entry of defaults: the list of all keys there are.</param>
internal sealed record SchemaReader(string? BaseDirectory, bool IsTemplate)
{
    /// <summary>Stands for the name that the operator gives an entry.</summary>
    public const string TemplateId = "{name}";
}
