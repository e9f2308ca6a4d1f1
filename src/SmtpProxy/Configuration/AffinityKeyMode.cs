namespace SmtpProxy.Configuration;

/// <summary>What a store sees of a sender.</summary>
public enum AffinityKeyMode
{
    /// <summary>A keyed hash of the sender.</summary>
    Hashed,

    /// <summary>The sender as it is.</summary>
    Plain,
}
