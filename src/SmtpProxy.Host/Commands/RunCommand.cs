using System.CommandLine;
using SmtpProxy.Host.Running;

namespace SmtpProxy.Host.Commands;

/// <summary><c>run</c>: the proxy itself, from a file or from a few options.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "Configuration file.", HelpName = "file" };
        var listen = Addresses("--listen", "Address to accept mail on, as 127.0.0.1:2525; may be repeated.");
        var backend = Addresses("--backend", "Mail server, as mta1.example.com:25 (default port 25); may be repeated.");
        var etcd = Addresses("--etcd", "Endpoint of etcd, as http://127.0.0.1:2379. Default: senders are kept in ./smtpproxy.db.");
        var admin = new Option<string?>("--admin")
        {
            Description = "Address of the admin API, as 127.0.0.1:8025. Default: none.",
            HelpName = "address",
        };
        var hostname = new Option<string?>("--hostname")
        {
            Description = "Name in the greeting. Default: the name of this host.",
            HelpName = "name",
        };
        var command = new Command("run", "Run the proxy, from --config or from --listen and --backend.")
        {
            config,
            listen,
            backend,
            etcd,
            admin,
            hostname,
        };
        Option[] quick = [listen, backend, etcd, admin, hostname];
        command.Validators.Add(result =>
        {
            var hasQuick = quick.Any(option => result.GetResult(option) is { Implicit: false });
            if (result.GetResult(config) is not null ? hasQuick : result.GetResult(listen) is null || result.GetResult(backend) is null)
            {
                result.AddError("Give either --config FILE, or --listen ADDRESS and --backend ADDRESS.");
            }
        });
        command.SetAction((result, cancellationToken) =>
        {
            var source = result.GetValue(config) is { } file
                ? ConfigSource.FromFile(file)
                : ConfigSource.FromConfig(new QuickConfig
                {
                    Listen = result.GetRequiredValue(listen),
                    Backends = result.GetRequiredValue(backend),
                    Etcd = result.GetValue(etcd) ?? [],
                    Admin = result.GetValue(admin),
                    Hostname = result.GetValue(hostname),
                }.Build());
            var streams = result.InvocationConfiguration;
            return new ProxyProcess(source, streams.Output, streams.Error).RunAsync(cancellationToken);
        });
        return command;
    }

    private static Option<string[]> Addresses(string name, string description) =>
        new(name) { Description = description, HelpName = "address", AllowMultipleArgumentsPerToken = true };
}
