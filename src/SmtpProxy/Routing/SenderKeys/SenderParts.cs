namespace SmtpProxy.Routing.SenderKeys;

/// <summary>The sender's address while it is normalised: slices of what the client said, nothing copied.</summary>
public ref struct SenderParts
{
    /// <summary>The local part without quotes and escapes.</summary>
    public ReadOnlySpan<char> LocalPart { get; set; }

    /// <summary>The domain as given; empty when there is none.</summary>
    public ReadOnlySpan<char> Domain { get; set; }
}
