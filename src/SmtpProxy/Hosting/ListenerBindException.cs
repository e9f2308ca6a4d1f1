namespace SmtpProxy.Hosting;

/// <summary>A listener's address could not be bound.</summary>
/// <param name="key">The configuration key of the listener's address.</param>
/// <param name="address">The address.</param>
/// <param name="inner">What the system said.</param>
public sealed class ListenerBindException(string key, string address, Exception inner)
    : IOException($"{key}: cannot listen on {address}: {inner.GetBaseException().Message}", inner)
{
    /// <summary>The configuration key of the listener's address.</summary>
    public string Key { get; } = key;

    /// <summary>The address that could not be bound.</summary>
    public string Address { get; } = address;
}
