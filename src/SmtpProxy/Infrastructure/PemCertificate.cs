using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmtpProxy.Infrastructure;

/// <summary>A server's certificate with its chain and private key, from PEM files.</summary>
internal static class PemCertificate
{
    /// <summary>Reads the files. The first certificate is the server's own; the others are sent with it.</summary>
    /// <param name="certificate">File of the chain.</param>
    /// <param name="key">File of the private key; null: it is in the file of the chain.</param>
    /// <exception cref="CryptographicException">The files are no PEM, or certificate and key are not a pair.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static SslStreamCertificateContext Load(string certificate, string? key)
    {
        X509Certificate2 own;
        try
        {
            own = X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (ArgumentException e)
        {
            // A key that belongs to another certificate.
            throw new CryptographicException(e.Message, e);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificate);
        chain.RemoveAt(0);

        // Never fetch what the file lacks from the network.
        return SslStreamCertificateContext.Create(own, chain, offline: true);
    }

    /// <summary>True for what <see cref="Load"/> throws when the files are at fault.</summary>
    public static bool IsFault(Exception exception) => exception is CryptographicException or IOException or UnauthorizedAccessException;
}
