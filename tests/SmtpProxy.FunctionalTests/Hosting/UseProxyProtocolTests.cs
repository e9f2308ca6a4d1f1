using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmtpProxy.Connections;
using SmtpProxy.FunctionalTests.Tls;
using SmtpProxy.Model;
using SmtpProxy.TestKit;
using Xunit;

namespace SmtpProxy.FunctionalTests.Hosting;

/// <summary>The middleware alone, in an application's own Kestrel.</summary>
public sealed class UseProxyProtocolTests
{
    private readonly ConcurrentQueue<ProxyHeaderResult> _results = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UseProxyProtocol_Header_ConnectionHasItsAddressesAndTheRestIsUnread()
    {
        await using var application = await StartAsync(["127.0.0.0/8"]);
        await using var client = await TlsClient.ConnectAsync(EndPoint(application), Token);
        await client.SendAsync("PROXY TCP4 192.0.2.7 192.0.2.25 40000 25\r\nbehind");

        Assert.Equal("192.0.2.7:40000 192.0.2.25:25 127.0.0.1 1 behind\r\n", await client.RestAsync());
        Assert.Equal([ProxyHeaderResult.Accepted], _results);
    }

    [Fact]
    public async Task UseProxyProtocol_NobodyIsTrusted_EveryConnectionIsClosed()
    {
        await using var application = await StartAsync([]);
        await using var client = await TlsClient.ConnectAsync(EndPoint(application), Token);
        await client.SendAsync("PROXY TCP4 192.0.2.7 192.0.2.25 40000 25\r\n");

        Assert.Empty(await client.RestAsync());
        await Poll.UntilAsync(() => !_results.IsEmpty, TimeSpan.FromSeconds(10), "a result", Token);
        Assert.Equal([ProxyHeaderResult.Untrusted], _results);
    }

    private static IPEndPoint EndPoint(WebApplication application) => IPEndPoint.Parse(
        new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority);

    private async Task<WebApplication> StartAsync(string[] trusted)
    {
        var options = new ProxyProtocolOptions
        {
            TrustedNetworks = [.. trusted.Select(static text => IPNetwork.Parse(text))],
            OnResult = (_, result) => _results.Enqueue(result),
        };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.UseProxyProtocol(options).Run(SayWhoIsThereAsync)));
        var application = builder.Build();
        await application.StartAsync(Token);
        return application;
    }

    private static async Task SayWhoIsThereAsync(ConnectionContext connection)
    {
        var read = await connection.Transport.Input.ReadAsync();
        var rest = System.Text.Encoding.ASCII.GetString(read.Buffer.ToArray());
        var feature = connection.Features.Get<IProxyProtocolFeature>()!;
        var peer = ((IPEndPoint)feature.SocketRemoteEndPoint!).Address;
        var text = $"{connection.RemoteEndPoint} {connection.LocalEndPoint} {peer} {feature.Header.Version} {rest}\r\n";
        await connection.Transport.Output.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text));
    }
}
