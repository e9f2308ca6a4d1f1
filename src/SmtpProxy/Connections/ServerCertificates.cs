using System.Collections.Concurrent;
using System.Net.Security;
using Microsoft.Extensions.Logging;
using SmtpProxy.Configuration;

namespace SmtpProxy.Connections;

/// <summary>The certificates of all listeners. Files that change are read again; handshakes under way keep what they began with.</summary>
internal sealed class ServerCertificates(TimeProvider time, ILogger<ServerCertificates> logger)
{
    private readonly ConcurrentDictionary<(string Certificate, string? Key), CertificateFile> _files = new();

    /// <summary>What a handshake on this listener needs; null while its certificate cannot be read.</summary>
    public ServerOptionsSelectionCallback? Find(ListenerTlsConfig config)
    {
        if (config.Certificate is not { } path)
        {
            return null;
        }

        var file = _files.GetOrAdd((path, config.Key), static (paths, self) => self.Open(paths.Certificate, paths.Key), this);
        return file.Current is { } certificate ? (_, _, _, _) => ValueTask.FromResult(certificate) : null;
    }

    private CertificateFile Open(string certificate, string? key) => new(certificate, key, time, logger);
}
