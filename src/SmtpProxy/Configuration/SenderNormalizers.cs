namespace SmtpProxy.Configuration;

/// <summary>Names of the steps that map the many return paths of one sender to one key.</summary>
public static class SenderNormalizers
{
    /// <summary><c>user+tag</c> counts as <c>user</c>.</summary>
    public const string SubAddress = nameof(SubAddress);

    /// <summary><c>list-owner+user=domain</c> counts as the list.</summary>
    public const string Verp = nameof(Verp);

    /// <summary><c>prvs=tag=user</c> counts as <c>user</c>.</summary>
    public const string Batv = nameof(Batv);

    /// <summary>SRS0 and SRS1 addresses count as the address they were rewritten from.</summary>
    public const string Srs = nameof(Srs);

    /// <summary>Every name of this list.</summary>
    public static IReadOnlyList<string> All { get; } = [SubAddress, Verp, Batv, Srs];
}
