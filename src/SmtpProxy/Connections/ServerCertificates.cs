using System.Collections.Concurrent;
using System.Net.Security;
using Microsoft.Extensions.Logging;
using SmtpProxy.Configuration;

namespace SmtpProxy.Connections;

/// <summary>The certificates of all listeners. Files that change are read again; handshakes under way keep what they began with.</summary>
internal sealed class ServerCertificates(TimeProvider time, ILogger<ServerCertificates> logger)
{
    private readonly ConcurrentDictionary<(string Certificate, string? Key), CertificateFile> _files = new();

    /// <summary>What a handshake on this listener needs; null while its main certificate cannot be read.</summary>
    public async ValueTask<ServerOptionsSelectionCallback?> FindAsync(ListenerTlsConfig config)
    {
        if (config.Certificate is not { } path || await ReadAsync(path, config.Key) is not { } main)
        {
            return null;
        }

        return async (_, hello, _, _) => await NamedAsync(config, hello.ServerName) ?? main;
    }

    /// <summary>The certificate that holds the name which the client asks for; null: none, or the name is none.</summary>
    private async ValueTask<SslServerAuthenticationOptions?> NamedAsync(ListenerTlsConfig config, string name)
    {
        if (config.Certificates.Count == 0 || Uri.CheckHostName(name) != UriHostNameType.Dns)
        {
            return null;
        }

        foreach (var (_, certificate) in config.Certificates)
        {
            if (await ReadAsync(certificate.Certificate, certificate.Key) is { } options
                && options.ServerCertificateContext!.TargetCertificate.MatchesHostname(name))
            {
                return options;
            }
        }

        return null;
    }

    private ValueTask<SslServerAuthenticationOptions?> ReadAsync(string certificate, string? key) =>
        _files.GetOrAdd((certificate, key), static (paths, self) => self.Open(paths.Certificate, paths.Key), this).GetAsync();

    private CertificateFile Open(string certificate, string? key) => new(certificate, key, time, logger);
}
