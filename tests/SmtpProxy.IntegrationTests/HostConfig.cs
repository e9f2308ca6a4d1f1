using SmtpProxy.TestKit;

namespace SmtpProxy.IntegrationTests;

/// <summary>The configuration file of a proxy that a test starts as a process, on free ports.</summary>
internal sealed record HostConfig
{
    public int Listen { get; init; } = FreePorts.Next();

    public int Admin { get; init; } = FreePorts.Next();

    public int Backend { get; init; } = FreePorts.Next();

    public string Hostname { get; init; } = "mx.example.com";

    /// <summary>More keys of the section, each with a comma in front.</summary>
    public string More { get; init; } = string.Empty;

    public override string ToString() => $$"""
        { "SmtpProxy": {
          "Listeners": { "mx": { "Address": "127.0.0.1:{{Listen}}", "Hostname": "{{Hostname}}" } },
          "Clusters": { "pool": { "Destinations": { "mta1": { "Address": "127.0.0.1:{{Backend}}" } } } },
          "Admin": { "Address": "127.0.0.1:{{Admin}}" }{{More}} } }
        """;
}
