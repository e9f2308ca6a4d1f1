using System.Net.Security;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using SmtpProxy.Infrastructure;

namespace SmtpProxy.Connections;

/// <summary>One certificate on disk, read again when its files change. Files that do not fit together, as between the two writes of a renewal,
/// leave the certificate in force and are looked at again.</summary>
internal sealed partial class CertificateFile(string certificate, string? key, TimeProvider time, ILogger logger)
{
    // Two calls to the file system in this time, however many clients there are.
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private (FileStamp Certificate, FileStamp Key) _seen;
    private SslServerAuthenticationOptions? _current;
    private long _checkedAt;

    /// <summary>What is in force now; null when the files never were right.</summary>
    public SslServerAuthenticationOptions? Current
    {
        get
        {
            lock (_lock)
            {
                if (_checkedAt == 0 || time.GetElapsedTime(_checkedAt) >= CheckEvery)
                {
                    _checkedAt = time.GetTimestamp();
                    Refresh();
                }

                return _current;
            }
        }
    }

    private void Refresh()
    {
        try
        {
            var now = (FileStamp.Of(certificate), key is null ? default : FileStamp.Of(key));
            if (now == _seen)
            {
                return;
            }

            // Also when reading fails: the same files are complained about once.
            _seen = now;
            _current = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = PemCertificate.Load(certificate, key),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                AllowRenegotiation = false,
            };
            Log.Loaded(logger, certificate);
        }
        catch (Exception e) when (PemCertificate.IsFault(e))
        {
            Log.Unusable(logger, certificate, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1110, LogLevel.Information, "Certificate {File} is in force", EventName = "CertificateLoaded")]
        public static partial void Loaded(ILogger logger, string file);

        [LoggerMessage(1111, LogLevel.Error, "Certificate {File} cannot be used, the one before stays in force: {Reason}", EventName = "CertificateUnusable")]
        public static partial void Unusable(ILogger logger, string file, string reason);
    }
}
