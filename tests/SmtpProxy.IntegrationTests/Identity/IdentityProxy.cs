using System.Net;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Postfix;
using SmtpProxy.TestKit.Processes;

namespace SmtpProxy.IntegrationTests.Identity;

/// <summary>The program before one Postfix that it tells of its clients.</summary>
internal sealed class IdentityProxy : IAsyncDisposable
{
    private readonly TempDirectory _directory;
    private readonly ChildProcess _process;

    private IdentityProxy(TempDirectory directory, ChildProcess process, IPEndPoint endPoint)
    {
        _directory = directory;
        _process = process;
        EndPoint = endPoint;
    }

    public IPEndPoint EndPoint { get; }

    /// <param name="identity">How it tells.</param>
    /// <param name="postfix">Whom it tells.</param>
    /// <param name="connection">More keys of the connection, each with a comma in front.</param>
    /// <param name="more">More keys of the listener, each with a comma in front.</param>
    public static Task<IdentityProxy> StartAsync(string identity, PostfixServer postfix, string connection = "", string more = "") => StartAsync((listener, admin) => $$"""
        { "SmtpProxy": {
          "Listeners": { "mx": { "Address": "{{listener}}", "Hostname": "mx.example.com"{{more}} } },
          "Clusters": { "pool": {
            "Connection": { "Identity": "{{identity}}"{{connection}} },
            "Destinations": { "mta1": { "Address": "{{postfix.EndPoint}}" } } } },
          "Admin": { "Address": "{{admin}}" } } }
        """);

    /// <param name="configuration">The configuration for these addresses of listener and admin API.</param>
    public static async Task<IdentityProxy> StartAsync(Func<IPEndPoint, IPEndPoint, string> configuration)
    {
        var directory = new TempDirectory();
        try
        {
            var endPoint = FreePorts.NextEndPoint();
            directory.Write("smtpproxy.json", configuration(endPoint, FreePorts.NextEndPoint()));
            return new(directory, await HostProcess.StartReadyAsync(directory.Root, "run", "--config", "smtpproxy.json"), endPoint);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a line of its log with this text.</summary>
    public Task WaitForLineAsync(string text) => HostProcess.WaitForLineAsync(_process, line => line.Contains(text, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
    }
}
