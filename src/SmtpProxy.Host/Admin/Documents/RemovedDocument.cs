namespace SmtpProxy.Host.Admin.Documents;

/// <summary>Answer to a removal.</summary>
/// <param name="Removed">Number of entries that are gone.</param>
internal sealed record RemovedDocument(int Removed);
