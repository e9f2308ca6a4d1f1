using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Backends;

/// <summary>Whom a handshake with a server trusts.</summary>
internal sealed class BackendTlsOptions(TimeProvider time, ILogger logger)
{
    private readonly ConcurrentDictionary<string, AuthorityFile> _authorities = new(StringComparer.Ordinal);

    /// <summary>The options for one handshake.</summary>
    public async ValueTask<SslClientAuthenticationOptions> ForAsync(DestinationModel model)
    {
        var isVerified = model.Connection.Tls == ConnectionTlsMode.Verify;
        return new SslClientAuthenticationOptions
        {
            TargetHost = model.Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowRenegotiation = false,
            CertificateChainPolicy = isVerified && model.Connection.CaFile is { } file ? await TrustingAsync(file) : null,
#pragma warning disable CA5359 // Opportunistic and Required keep listeners out, not impostors: the operator chose that mode (RFC 7435).
            RemoteCertificateValidationCallback = isVerified ? null : static (_, _, _, _) => true,
#pragma warning restore CA5359
        };
    }

    private async ValueTask<X509ChainPolicy> TrustingAsync(string file)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(await _authorities.GetOrAdd(file, path => new AuthorityFile(path, time, logger)).GetAsync());
        return policy;
    }
}
