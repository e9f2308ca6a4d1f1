namespace SmtpProxy.Protocol;

/// <summary>One row of the table of parameters.</summary>
internal readonly record struct EnvelopeParameter(byte[] Keyword, SmtpExtensions Requires, ParameterKind Kind, bool HasValue = true);
