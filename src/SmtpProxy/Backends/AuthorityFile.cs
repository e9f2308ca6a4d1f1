using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using SmtpProxy.Infrastructure;

namespace SmtpProxy.Backends;

/// <summary>The authorities in one PEM file, read again when it changes. A file that cannot be read leaves those before in force; when there were none,
/// nobody is trusted.</summary>
internal sealed partial class AuthorityFile
{
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly PolledValue<X509Certificate2Collection> _polled;
    private X509Certificate2Collection _current = [];
    private FileStamp _seen;

    public AuthorityFile(string path, TimeProvider time, ILogger logger)
    {
        _path = path;
        _logger = logger;
        _polled = new PolledValue<X509Certificate2Collection>(Refresh, time);
    }

    /// <summary>What is in force now.</summary>
    public ValueTask<X509Certificate2Collection> GetAsync() => _polled.GetAsync();

    private X509Certificate2Collection Refresh()
    {
        try
        {
            var now = FileStamp.Of(_path);
            if (now == _seen)
            {
                return _current;
            }

            // Also when reading fails: the same file is complained about once.
            _seen = now;
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(_path);
            if (found.Count == 0)
            {
                throw new CryptographicException("It holds no certificate in PEM.");
            }

            _current = found;
        }
        catch (Exception e) when (PemCertificate.IsFault(e))
        {
            Log.Unusable(_logger, _path, e.Message);
        }

        return _current;
    }

    private static partial class Log
    {
        [LoggerMessage(1325, LogLevel.Error, "Authorities {File} cannot be used, those before stay in force: {Reason}")]
        public static partial void Unusable(ILogger logger, string file, string reason);
    }
}
