using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmtpProxy.TestKit;

/// <summary>An authority that lives as long as a test, and the PEM files of what it issues.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _middle;

    /// <summary>Makes a root and an authority below it.</summary>
    public TestAuthority()
    {
        _root = Issue("Test Root", issuer: null, isAuthority: true);
        _middle = Issue("Test Intermediate", _root, isAuthority: true);
        File.WriteAllText(RootFile, _root.ExportCertificatePem());
    }

    /// <summary>The only certificate that a client must trust.</summary>
    public string RootFile => _folder.PathOf("root.pem");

    /// <summary>Policy of a client that trusts this authority and no other.</summary>
    public X509ChainPolicy Policy => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { _root },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    /// <summary>A certificate for <paramref name="host"/> with its chain in one PEM file and its key in another.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="name">First part of the files' names; null: the host.</param>
    public (string Certificate, string Key) Write(string host, string? name = null)
    {
        using var leaf = Issue(host, _middle, isAuthority: false);
        var certificate = _folder.PathOf((name ?? host) + ".pem");
        var key = _folder.PathOf((name ?? host) + ".key");
        File.WriteAllText(certificate, leaf.ExportCertificatePem() + "\n" + _middle.ExportCertificatePem() + "\n");
        File.WriteAllText(key, leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return (certificate, key);
    }

    /// <summary>A certificate with its key, for a server in this process.</summary>
    public X509Certificate2 Issue(string host)
    {
        using var leaf = Issue(host, _middle, isAuthority: false);

        // The runtime shakes hands only with keys that it has loaded itself.
        return X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>The value of <c>Tls</c> in a listener.</summary>
    /// <param name="mode">Its <c>Mode</c>.</param>
    /// <param name="more">More keys.</param>
    public string Listener(string mode, string more = "")
    {
        var (certificate, key) = Write("proxy.example.com");
        return $$"""{ "Mode": "{{mode}}", "Certificate": "{{certificate}}", "Key": "{{key}}", {{more}} }""";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _root.Dispose();
        _middle.Dispose();
        _folder.Dispose();
    }

    private static X509Certificate2 Issue(string name, X509Certificate2? issuer, bool isAuthority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (!isAuthority)
        {
            var names = new SubjectAlternativeNameBuilder();
            if (IPAddress.TryParse(name, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(name);
            }

            request.CertificateExtensions.Add(names.Build());
        }

        var now = TimeProvider.System.GetUtcNow();
        if (issuer is null)
        {
            return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        }

        using var issued = request.Create(issuer, now.AddHours(-1), now.AddDays(isAuthority ? 20 : 10), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }
}
