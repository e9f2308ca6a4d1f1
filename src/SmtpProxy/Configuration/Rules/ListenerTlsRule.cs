using SmtpProxy.Configuration.Formats;
using SmtpProxy.Configuration.Schema;
using SmtpProxy.Infrastructure;

namespace SmtpProxy.Configuration.Rules;

/// <summary>A listener that speaks TLS has certificates that can be used.</summary>
internal sealed class ListenerTlsRule : IConfigRule
{
    /// <inheritdoc/>
    public void Check(ProxyConfig config, ConfigErrors errors)
    {
        var listeners = KeyPath.Top.Child(nameof(ProxyConfig.Listeners));
        foreach (var (id, listener) in config.Listeners)
        {
            Check(listener.Tls, listeners.Item(id).Child(nameof(ListenerConfig.Tls)), errors);
        }
    }

    private static void Check(ListenerTlsConfig tls, KeyPath path, ConfigErrors errors)
    {
        var certificates = path.Child(nameof(ListenerTlsConfig.Certificates));
        foreach (var name in tls.Certificates.Keys.Where(static x => !AddressSyntax.IsIdentifier(x)))
        {
            errors.Add(certificates.Item(JsonText.Shorten(name)), $"{JsonText.Show(name)} is not a name; allowed: {AddressSyntax.IdentifierForms}");
        }

        if (tls.Mode == ListenerTlsMode.None)
        {
            if (tls.RequireTls)
            {
                errors.Add(path.Child(nameof(ListenerTlsConfig.RequireTls)), "nobody could send mail; allowed with Mode StartTls or Implicit");
            }

            return;
        }

        var main = path.Child(nameof(ListenerTlsConfig.Certificate));
        if (tls.Certificate is null)
        {
            errors.Add(main, "is required for TLS; allowed: a PEM file");
        }
        else
        {
            CheckFiles(tls.Certificate, tls.Key, main, errors);
        }

        foreach (var (name, certificate) in tls.Certificates)
        {
            CheckFiles(certificate.Certificate, certificate.Key, certificates.Item(name).Child(nameof(CertificateConfig.Certificate)), errors);
        }
    }

    private static void CheckFiles(string certificate, string? key, KeyPath path, ConfigErrors errors)
    {
        if (!File.Exists(certificate) || (key is not null && !File.Exists(key)))
        {
            // Said already, of the file that is missing.
            return;
        }

        try
        {
            PemCertificate.Load(certificate, key);
        }
        catch (Exception e) when (PemCertificate.IsFault(e))
        {
            errors.Add(path, $"{JsonText.Show(certificate)} cannot be used: {e.Message} Allowed: PEM, with the private key that belongs to it");
        }
    }
}
