namespace SmtpProxy.Host.Admin.Documents;

/// <summary>What went wrong, as <c>application/problem+json</c> (RFC 9457).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The kind of problem.</param>
/// <param name="Detail">What is wrong and what is allowed.</param>
/// <param name="Errors">Every single fault, when there are several.</param>
internal sealed record ProblemDocument(int Status, string Title, string Detail, IReadOnlyList<string>? Errors = null);
