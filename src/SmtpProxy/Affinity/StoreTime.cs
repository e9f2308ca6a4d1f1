namespace SmtpProxy.Affinity;

/// <summary>Times as stores keep them.</summary>
internal static class StoreTime
{
    /// <summary>Now, in whole milliseconds: what is compared with a store's answer must not be finer than what it keeps.</summary>
    public static DateTimeOffset Now(TimeProvider time) => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
