using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Affinity;
using Xunit;
using static SmtpProxy.IntegrationTests.EtcdStores;

namespace SmtpProxy.IntegrationTests;

/// <summary>Logins and TLS.</summary>
public sealed class EtcdSecurityTests : IDisposable
{
    private readonly TempDirectory _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Login_ServerForgetsTheTokenInARestart_LoggedInAnew()
    {
        await using var etcd = await EtcdServer.StartAsync(Token);
        await etcd.ControlAsync(Token, "user", "add", "root:secret");
        await etcd.ControlAsync(Token, "user", "grant-role", "root", "root");
        await etcd.ControlAsync(Token, "auth", "enable");
        var config = Config(etcd.Endpoint) with { Username = "root", PasswordFile = _files.Write("password", "secret\n") };
        var watcher = new RecordingWatcher();
        await using var store = await StartAsync(config, watcher, Token);
        var first = await store.TryAssignAsync(Key("a"), Entry("mta1"), Token);
        await Eventually.HoldsAsync(() => watcher.Current.GetValueOrDefault(Key("a")) == first, "told", cancellationToken: Token);

        // Tokens are kept in the memory of the server.
        await etcd.KillAsync(Token);
        await etcd.RestartAsync(Token);
        await Eventually.HoldsAsync(() => store.IsUp, "the watch stands again", TimeSpan.FromSeconds(20), Token);
        var second = await store.TryMoveAsync(Key("a"), first.Generation, Entry("mta2"), Token);

        await Eventually.HoldsAsync(() => watcher.Current.GetValueOrDefault(Key("a")) == second, "told again", cancellationToken: Token);
        Assert.Equal("mta2", second!.Destination);
    }

    [Fact]
    public async Task Login_WrongPassword_StoreException()
    {
        await using var etcd = await EtcdServer.StartAsync(Token);
        await etcd.ControlAsync(Token, "user", "add", "root:secret");
        await etcd.ControlAsync(Token, "user", "grant-role", "root", "root");
        await etcd.ControlAsync(Token, "auth", "enable");
        await using var store = Create(Config(etcd.Endpoint) with { Username = "root", PasswordFile = _files.Write("password", "wrong") });

        await Assert.ThrowsAsync<AffinityStoreException>(() => store.GetAsync(Key("a"), Token).AsTask());
    }

    [Fact]
    public async Task Tls_OwnAuthorityAndClientCertificate_Works()
    {
        var tls = CreateCertificates("127.0.0.1");
        await using var etcd = await EtcdServer.StartAsync(tls.Server, Token);
        await using var store = await StartAsync(tls.Client(etcd.Endpoint), new RecordingWatcher(), Token);

        var entry = await store.TryAssignAsync(Key("a"), Entry("mta1"), Token);

        Assert.Equal(entry, await store.GetAsync(Key("a"), Token));
    }

    [Fact]
    public async Task Tls_CertificateOfAnotherHostOrNoClientCertificate_Refused()
    {
        var tls = CreateCertificates("192.0.2.1");
        await using var etcd = await EtcdServer.StartAsync(tls.Server, Token);
        await using var wrongName = Create(tls.Client(etcd.Endpoint));
        await using var unknown = Create(tls.Client(etcd.Endpoint) with { CertFile = null, KeyFile = null });

        await Assert.ThrowsAsync<AffinityStoreException>(() => wrongName.GetAsync(Key("a"), Token).AsTask());
        await Assert.ThrowsAsync<AffinityStoreException>(() => unknown.GetAsync(Key("a"), Token).AsTask());
    }

    private (EtcdTls Server, Func<string, EtcdConfig> Client) CreateCertificates(string address)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=test authority", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = caRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var ca = _files.Write("ca.pem", authority.ExportCertificatePem());

        var key = "";
        var certificate = Issue("node", "1.3.6.1.5.5.7.3.1");
        var server = new EtcdTls(certificate, key, ca);
        var clientCertificate = Issue("proxy", "1.3.6.1.5.5.7.3.2");
        var clientKey = key;
        return (server, endpoint => Config(endpoint) with { CaFile = ca, CertFile = clientCertificate, KeyFile = clientKey });

        string Issue(string name, string usage)
        {
            using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", own, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Parse(address));
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
            using var issued = request.Create(authority, now.AddDays(-1), now.AddHours(12), RandomNumberGenerator.GetBytes(8));
            key = _files.Write($"{name}.key", own.ExportPkcs8PrivateKeyPem());
            return _files.Write($"{name}.pem", issued.ExportCertificatePem());
        }
    }
}
