namespace SmtpProxy.Affinity;

/// <summary>The outcome of a store call that does not throw because the store is away.</summary>
/// <param name="IsAnswered">False when the store was not asked or did not answer.</param>
/// <param name="Value">What it answered.</param>
internal readonly record struct StoreAnswer<T>(bool IsAnswered, T? Value);
