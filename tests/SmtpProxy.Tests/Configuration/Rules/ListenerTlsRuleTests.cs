using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace SmtpProxy.Tests.Configuration.Rules;

public sealed class ListenerTlsRuleTests : IDisposable
{
    private const string Tls = "SmtpProxy:Listeners:mx:Tls";

    private readonly ConfigSample _sample = new();

    [Theory]
    [InlineData("StartTls")]
    [InlineData("Implicit")]
    public void Parse_CertificateAndItsKey_AreFine(string mode)
    {
        Write("a");

        Assert.Empty(With($$"""{ "Mode": "{{mode}}", "Certificate": "a.pem", "Key": "a.key", "RequireTls": true }""").Errors);
    }

    [Fact]
    public void Parse_KeyInTheCertificateFile_IsFine()
    {
        Write("a");
        _sample.Write("both.pem", File.ReadAllText(Path.Combine(_sample.Folder, "a.key")) + "\n" + File.ReadAllText(Path.Combine(_sample.Folder, "a.pem")));

        Assert.Empty(With("""{ "Mode": "StartTls", "Certificate": "both.pem" }""").Errors);
    }

    [Fact]
    public void Parse_NoCertificate_IsAnError() => ConfigSample.AssertErrors(
        With("""{ "Mode": "StartTls" }"""), $"{Tls}:Certificate: is required for TLS; allowed: a PEM file");

    [Fact]
    public void Parse_MissingFile_IsOneError() => ConfigSample.AssertErrors(
        With("""{ "Mode": "StartTls", "Certificate": "a.pem" }"""),
        $"{Tls}:Certificate: '{Path.Combine(_sample.Folder, "a.pem")}' does not exist; allowed: the path of a readable file that is not empty");

    [Theory]
    [InlineData("a.pem", "b.key")]
    [InlineData("a.pem", "a.pem")]
    [InlineData("a.key", "a.key")]
    [InlineData("text", "text")]
    public void Parse_FilesThatAreNoPair_AreAnError(string certificate, string key)
    {
        Write("a");
        Write("b");
        _sample.Write("text", "no certificate");
        var error = Assert.Single(With($$"""{ "Mode": "StartTls", "Certificate": "{{certificate}}", "Key": "{{key}}" }""").Errors);

        Assert.StartsWith($"{Tls}:Certificate: ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("cannot be used: ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_MoreCertificates_AreCheckedToo()
    {
        Write("a");
        Write("b");
        const string Json = """
            { "Mode": "StartTls", "Certificate": "a.pem", "Key": "a.key", "Certificates": {
              "x": { "Certificate": "b.pem", "Key": "b.key" }, "y": { "Certificate": "b.pem", "Key": "a.key" }, "z": {} } }
            """;
        var errors = With(Json).Errors;

        Assert.Equal(
            [$"{Tls}:Certificates:y:Certificate", $"{Tls}:Certificates:z:Certificate"],
            errors.Select(x => x.ToString().Split(": ")[0]).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _sample.Dispose();

    private SmtpProxy.Configuration.ConfigResult With(string tls) => _sample.With("Listeners:mx:Tls", tls);

    private void Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        _sample.Write($"{name}.pem", made.ExportCertificatePem());
        _sample.Write($"{name}.key", key.ExportPkcs8PrivateKeyPem());
    }
}
