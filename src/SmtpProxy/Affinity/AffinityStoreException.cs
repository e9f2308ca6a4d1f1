namespace SmtpProxy.Affinity;

/// <summary>The store could not be reached or refused the call. Never reaches a client.</summary>
public sealed class AffinityStoreException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public AffinityStoreException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public AffinityStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public AffinityStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
