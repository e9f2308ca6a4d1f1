namespace SmtpProxy.Configuration;

/// <summary>A key that does not do all of what the contract says.</summary>
/// <param name="Pattern">The key, with <c>*</c> for names.</param>
/// <param name="IsRefused">Other values are errors; otherwise they are warned about.</param>
/// <param name="Allowed">The values that work, besides the default.</param>
internal sealed record UnbuiltFeature(string Pattern, bool IsRefused, params string[] Allowed);
