namespace SmtpProxy.Configuration;

/// <summary>Names of the policies that say what affinity is kept for.</summary>
public static class SenderKeyPolicies
{
    /// <summary>The sender's address, its domain in lower case.</summary>
    public const string SenderAddress = nameof(SenderAddress);

    /// <summary>The domain of the sender's address.</summary>
    public const string SenderDomain = nameof(SenderDomain);

    /// <summary>The registrable part of the sender's domain.</summary>
    public const string SenderOrganizationalDomain = nameof(SenderOrganizationalDomain);

    /// <summary>The network of the client's address: a /24 of IPv4, a /64 of IPv6.</summary>
    public const string ClientNetwork = nameof(ClientNetwork);

    /// <summary>The name the client logged in with, in lower case; where only the server can read it, the client's network.</summary>
    public const string AuthenticatedUser = nameof(AuthenticatedUser);

    /// <summary>The name the client gave in EHLO or HELO.</summary>
    public const string HeloName = nameof(HeloName);

    /// <summary>Every name of this list.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        SenderAddress,
        SenderDomain,
        SenderOrganizationalDomain,
        ClientNetwork,
        AuthenticatedUser,
        HeloName,
    ];
}
