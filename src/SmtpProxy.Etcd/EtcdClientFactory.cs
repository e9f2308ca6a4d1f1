using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using dotnet_etcd;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using SmtpProxy.Configuration;

namespace SmtpProxy.Etcd;

/// <summary>Makes the client that the configuration asks for.</summary>
internal static class EtcdClientFactory
{
    private const int DefaultPort = 2379;
    private const int MaxMessage = 64 * 1024 * 1024;

    // etcd takes pings less than 5 s apart for an attack (--grpc-keepalive-min-time), and those without a call under way.
    private static readonly TimeSpan KeepAliveDelay = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstReconnect = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestReconnect = TimeSpan.FromSeconds(2);

    /// <summary>Connects to nothing yet.</summary>
    public static EtcdClient Create(EtcdConfig config)
    {
        if (config.Endpoints.Count == 0)
        {
            throw new ArgumentException("No endpoint of etcd is configured.", nameof(config));
        }

        var uris = config.Endpoints.Select(Parse).ToArray();
        var isTls = uris[0].Scheme == Uri.UriSchemeHttps;
        if (Array.Exists(uris, uri => uri.Scheme == Uri.UriSchemeHttps != isTls))
        {
            throw new ArgumentException("The endpoints of etcd must be all http or all https.", nameof(config));
        }

        var endpoints = string.Join(',', uris.Select(static uri => string.Create(CultureInfo.InvariantCulture, $"{uri.Host}:{uri.Port}")));
        var client = isTls
            ? new EtcdClient(
                endpoints, options => ConfigureTls(options, config, uris), serverName: uris[0].IdnHost, configureChannelOptions: Configure)
            : new EtcdClient(endpoints, configureChannelOptions: Configure);
        if (config.Username is { } user)
        {
            client.SetCredentials(user, ReadPassword(config), tokenCacheDuration: null);
        }

        return client;
    }

    private static Uri Parse(string endpoint)
    {
        var text = endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : "http://" + endpoint;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"'{endpoint}' is no endpoint of etcd; http://host:2379 would be one.", nameof(endpoint));
        }

        return uri.IsDefaultPort ? new UriBuilder(uri) { Port = DefaultPort }.Uri : uri;
    }

    private static void Configure(GrpcChannelOptions options)
    {
        if (options.HttpHandler is SocketsHttpHandler handler)
        {
            // A proxy of the environment is meant for the web; it breaks every call to etcd.
            handler.UseProxy = false;
            handler.KeepAlivePingDelay = KeepAliveDelay;
            handler.KeepAlivePingTimeout = KeepAliveTimeout;
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        }

        options.InitialReconnectBackoff = FirstReconnect;
        options.MaxReconnectBackoff = LongestReconnect;
        options.MaxReceiveMessageSize = MaxMessage;

        // Only reads may be repeated by the channel: a compare-and-swap that won must not come back as lost.
        foreach (var method in options.ServiceConfig?.MethodConfigs ?? [])
        {
            method.Names.Clear();
            method.Names.Add(new MethodName { Service = "etcdserverpb.KV", Method = "Range" });
            method.RetryPolicy?.InitialBackoff = FirstReconnect;
            method.RetryPolicy?.MaxBackoff = LongestReconnect;
        }
    }

    private static void ConfigureTls(SslClientAuthenticationOptions options, EtcdConfig config, Uri[] uris)
    {
        if (config.CaFile is { } authorities)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authorities);
        }

        if (config.CertFile is { } certificate)
        {
            // With the authorities between it and the one that etcd trusts.
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificate);
            chain.RemoveAt(0);
            var own = X509Certificate2.CreateFromPemFile(certificate, config.KeyFile);
            options.ClientCertificateContext = SslStreamCertificateContext.Create(own, chain, offline: true);
        }

        // The channel knows one name for all members, so that each of the configured ones has to do.
        options.RemoteCertificateValidationCallback = (_, presented, _, errors) =>
            errors == SslPolicyErrors.None
            || (errors == SslPolicyErrors.RemoteCertificateNameMismatch && presented is X509Certificate2 member
                && Array.Exists(uris, uri => member.MatchesHostname(uri.IdnHost.Trim('[', ']'))));
    }

    private static string ReadPassword(EtcdConfig config) =>
        config.PasswordFile is { } file ? File.ReadLines(file).FirstOrDefault("") : "";
}
