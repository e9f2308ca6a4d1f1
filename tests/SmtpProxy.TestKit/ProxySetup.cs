using System.Net;

namespace SmtpProxy.TestKit;

/// <summary>What a proxy is started with.</summary>
/// <param name="Configuration">The text of its configuration file.</param>
/// <param name="Listeners">Where its listeners are, by name.</param>
/// <param name="Admin">Where its admin API is.</param>
public sealed record ProxySetup(string Configuration, IReadOnlyDictionary<string, IPEndPoint> Listeners, Uri Admin);
