using System.Net;

namespace SmtpProxy.TestKit.Postfix;

/// <summary>How a Postfix instance of the tests is set up.</summary>
public sealed record PostfixOptions
{
    /// <summary>Its host name.</summary>
    public string Hostname { get; init; } = "mta.example.com";

    /// <summary>All mail goes to this server; without it all mail is delivered here.</summary>
    public IPEndPoint? RelayHost { get; init; }

    /// <summary>Further files of its configuration directory, by their names in it.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Further settings, which win over those of the tests.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
