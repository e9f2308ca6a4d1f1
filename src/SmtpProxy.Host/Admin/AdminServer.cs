using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Prometheus;
using SmtpProxy.Configuration.Formats;
using SmtpProxy.Hosting;

namespace SmtpProxy.Host.Admin;

/// <summary>The administration port: a web server of its own, apart from the listeners for mail.</summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private const string AddressKey = "SmtpProxy:Admin:Address";
    private const long MaxBody = 16 * 1024;

    private readonly WebApplication _app;

    private AdminServer(WebApplication app) => _app = app;

    /// <summary>Where the server listens, with the port that was chosen if any would do.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>Binds the address and serves.</summary>
    /// <exception cref="ListenerBindException">The address cannot be bound.</exception>
    public static async Task<AdminServer> StartAsync(
        string address, IAdminTarget target, CollectorRegistry registry, CancellationToken cancellationToken)
    {
        if (!ListenAddress.TryParse(address, out var parsed))
        {
            throw new ArgumentException($"'{address}' is not an address to listen on.", nameof(address));
        }

        var app = Build(parsed!, target, registry);
        try
        {
            await app.StartAsync(cancellationToken);
            return new AdminServer(app);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            await app.DisposeAsync();
            throw new ListenerBindException(AddressKey, address, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(ListenAddress address, IAdminTarget target, CollectorRegistry registry)
    {
        // The empty builder: neither settings files of the working directory nor variables of the environment shall move the port.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.RemoveAll<IHostLifetime>().AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            Listen(kestrel, address);
        });
        var app = builder.Build();
        app.Use(new RequestGuard(target, address).InvokeAsync);
        app.MapAffinity(target);
        app.MapClusters(target);
        app.MapExplain(target);
        app.MapReload(target);
        app.MapHealth(target);
        app.MapMetrics(registry: registry);
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address)
    {
        if (!address.IsPair)
        {
            kestrel.Listen(address.Address, address.Port);
        }
        else if (address.IsAny)
        {
            kestrel.ListenAnyIP(address.Port);
        }
        else
        {
            kestrel.ListenLocalhost(address.Port);
        }
    }
}
