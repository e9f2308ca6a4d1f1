using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests;

/// <summary>A client that comes back is spared the expensive part of the handshake.</summary>
public sealed class TlsResumptionTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TempDirectory _directory = new();
    private readonly int _port = FreePorts.Next();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("StartTls", "-starttls smtp", "-tls1_2")]
    [InlineData("StartTls", "-starttls smtp", "-tls1_3")]
    [InlineData("Implicit", "", "-tls1_2")]
    [InlineData("Implicit", "", "-tls1_3")]
    public async Task OpenSsl_SecondConnection_IsResumed(string mode, string starttls, string protocol)
    {
        await using var proxy = await StartProxyAsync(mode);

        var first = await ConnectAsync($"{starttls} {protocol} -sess_out {_directory.PathOf("session.pem")}");
        var second = await ConnectAsync($"{starttls} {protocol} -sess_in {_directory.PathOf("session.pem")}");

        Assert.Contains("New, TLSv1.", first, StringComparison.Ordinal);
        Assert.Contains("Reused, TLSv1.", second, StringComparison.Ordinal);
        Assert.Contains("221 2.0.0 Bye", second, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    private async Task<ChildProcess> StartProxyAsync(string mode)
    {
        var file = _directory.Write("smtpproxy.json", $$"""
            { "SmtpProxy": {
                "Listeners": { "mx": {
                    "Address": "127.0.0.1:{{_port}}", "Hostname": "proxy.example.com", "Capabilities": [], "Tls": {{_authority.Listener(mode)}} } },
                "Clusters": { "pool": { "Destinations": { "mta1": { "Address": "127.0.0.1:{{FreePorts.Next()}}" } } } },
                "Admin": { "Address": "127.0.0.1:{{FreePorts.Next()}}" } } }
            """);
        var process = HostProgram.Start("run", "--config", file);
        await HostProcess.WaitForLineAsync(process, line => line == "smtpproxy ready");
        return process;
    }

    // The input stays open until the proxy has closed: tickets come behind the handshake.
    private Task<string> ConnectAsync(string arguments) => ChildProcess.RunAsync(
        "sh",
        ["-c", $"(sleep 1; printf 'QUIT\\r\\n'; sleep 2) | openssl s_client -connect 127.0.0.1:{_port} -servername proxy.example.com {arguments} -ign_eof 2>&1"],
        Token);
}
