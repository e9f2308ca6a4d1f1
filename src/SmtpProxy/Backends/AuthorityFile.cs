using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using SmtpProxy.Infrastructure;

namespace SmtpProxy.Backends;

/// <summary>The authorities in one PEM file, read again when it changes. A file that cannot be read leaves those before in force; when there were none,
/// nobody is trusted.</summary>
internal sealed partial class AuthorityFile(string path, TimeProvider time, ILogger logger)
{
    // One call to the file system in this time, however many connections are made.
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private X509Certificate2Collection _current = [];
    private FileStamp _seen;
    private long? _checkedAt;

    /// <summary>What is in force now.</summary>
    public X509Certificate2Collection Current
    {
        get
        {
            lock (_lock)
            {
                if (_checkedAt is not { } last || time.GetElapsedTime(last) >= CheckEvery)
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
            var now = FileStamp.Of(path);
            if (now == _seen)
            {
                return;
            }

            // Also when reading fails: the same file is complained about once.
            _seen = now;
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(path);
            if (found.Count == 0)
            {
                throw new CryptographicException("It holds no certificate in PEM.");
            }

            _current = found;
        }
        catch (Exception e) when (PemCertificate.IsFault(e))
        {
            Log.Unusable(logger, path, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1325, LogLevel.Error, "Authorities {File} cannot be used, those before stay in force: {Reason}")]
        public static partial void Unusable(ILogger logger, string file, string reason);
    }
}
