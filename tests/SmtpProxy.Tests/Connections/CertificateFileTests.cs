using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Connections;
using Xunit;

namespace SmtpProxy.Tests.Connections;

public sealed class CertificateFileTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly string _folder = Directory.CreateTempSubdirectory("smtpproxy-certificate-").FullName;
    private int _writes;

    private string Certificate => Path.Combine(_folder, "tls.pem");

    private string Key => Path.Combine(_folder, "tls.key");

    [Fact]
    public async Task GetAsync_FilesChange_IsTheNewOneAfterASecond()
    {
        Write("first");
        var file = Open();
        Assert.Equal("CN=first", await SubjectAsync(file));
        Write("second");

        Assert.Equal("CN=first", await SubjectAsync(file));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("CN=second", await SubjectAsync(file));
    }

    [Fact]
    public async Task GetAsync_FilesUnchanged_IsTheSame()
    {
        Write("first");
        var file = Open();
        var before = await file.GetAsync();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Same(before, await file.GetAsync());
    }

    [Fact]
    public async Task GetAsync_CertificateBeforeItsKey_StaysUntilBothFit()
    {
        Write("first");
        var file = Open();
        Assert.Equal("CN=first", await SubjectAsync(file));
        using var next = Make("second");
        WriteFile(Certificate, next.ExportCertificatePem());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("CN=first", await SubjectAsync(file));
        WriteFile(Key, next.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("CN=second", await SubjectAsync(file));
    }

    [Fact]
    public async Task GetAsync_LinkIsPutElsewhere_IsTheNewOne()
    {
        Write("first");
        File.Move(Certificate, Path.Combine(_folder, "1.pem"));
        File.Move(Key, Path.Combine(_folder, "1.key"));
        Write("second");
        File.Move(Certificate, Path.Combine(_folder, "2.pem"));
        File.Move(Key, Path.Combine(_folder, "2.key"));
        Link("1");
        var file = Open();
        Assert.Equal("CN=first", await SubjectAsync(file));
        Link("2");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("CN=second", await SubjectAsync(file));
    }

    [Fact]
    public async Task GetAsync_FileGoes_TheOneBeforeStays()
    {
        Write("first");
        var file = Open();
        Assert.Equal("CN=first", await SubjectAsync(file));
        File.Delete(Certificate);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("CN=first", await SubjectAsync(file));
    }

    [Fact]
    public async Task GetAsync_FilesNeverRight_IsNull()
    {
        File.WriteAllText(Certificate, "no certificate");
        File.WriteAllText(Key, "no key");

        Assert.Null(await Open().GetAsync());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string?> SubjectAsync(CertificateFile file) => (await file.GetAsync())?.ServerCertificateContext?.TargetCertificate.Subject;

    private static X509Certificate2 Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
    }

    private CertificateFile Open() => new(Certificate, Key, _time, NullLogger.Instance);

    private void Write(string name)
    {
        using var made = Make(name);
        WriteFile(Certificate, made.ExportCertificatePem());
        WriteFile(Key, made.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private void WriteFile(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddYears(50).AddSeconds(++_writes));
    }

    private void Link(string name)
    {
        File.Delete(Certificate);
        File.Delete(Key);
        File.CreateSymbolicLink(Certificate, Path.Combine(_folder, name + ".pem"));
        File.CreateSymbolicLink(Key, Path.Combine(_folder, name + ".key"));
    }
}
