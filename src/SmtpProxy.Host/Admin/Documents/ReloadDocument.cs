namespace SmtpProxy.Host.Admin.Documents;

/// <summary>Answer to a reload that succeeded.</summary>
/// <param name="Revision">Number of the configuration now in force.</param>
/// <param name="Warnings">What is allowed and probably not meant.</param>
internal sealed record ReloadDocument(long Revision, IReadOnlyList<string> Warnings);
