using System.Net.Security;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using SmtpProxy.Infrastructure;

namespace SmtpProxy.Connections;

/// <summary>One certificate on disk, read again when its files change. Files that do not fit together, as between the two writes of a renewal,
/// leave the certificate in force and are looked at again.</summary>
internal sealed partial class CertificateFile
{
    private readonly string _certificate;
    private readonly string? _key;
    private readonly ILogger _logger;
    private readonly PolledValue<SslServerAuthenticationOptions?> _polled;
    private (FileStamp Certificate, FileStamp Key) _seen;
    private SslServerAuthenticationOptions? _current;

    public CertificateFile(string certificate, string? key, TimeProvider time, ILogger logger)
    {
        _certificate = certificate;
        _key = key;
        _logger = logger;
        _polled = new PolledValue<SslServerAuthenticationOptions?>(Refresh, time);
    }

    /// <summary>What is in force now; null when the files never were right.</summary>
    public ValueTask<SslServerAuthenticationOptions?> GetAsync() => _polled.GetAsync();

    private SslServerAuthenticationOptions? Refresh()
    {
        try
        {
            var now = (FileStamp.Of(_certificate), _key is null ? default : FileStamp.Of(_key));
            if (now == _seen)
            {
                return _current;
            }

            // Also when reading fails: the same files are complained about once.
            _seen = now;
            _current = new SslServerAuthenticationOptions
            {
                // The same for all handshakes: it holds what a client needs to resume.
                ServerCertificateContext = PemCertificate.Load(_certificate, _key),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                AllowRenegotiation = false,
            };
            Log.Loaded(_logger, _certificate);
        }
        catch (Exception e) when (PemCertificate.IsFault(e))
        {
            Log.Unusable(_logger, _certificate, e.Message);
        }

        return _current;
    }

    private static partial class Log
    {
        [LoggerMessage(1110, LogLevel.Information, "Certificate {File} is in force", EventName = "CertificateLoaded")]
        public static partial void Loaded(ILogger logger, string file);

        [LoggerMessage(1111, LogLevel.Error, "Certificate {File} cannot be used, the one before stays in force: {Reason}", EventName = "CertificateUnusable")]
        public static partial void Unusable(ILogger logger, string file, string reason);
    }
}
