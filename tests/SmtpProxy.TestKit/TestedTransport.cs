using SmtpProxy.Hosting;
using SmtpProxy.Transport;

namespace SmtpProxy.TestKit;

/// <summary>The transport that a run of the tests is about: the variable <c>SMTPPROXY_TEST_TRANSPORT</c>, or <c>Sockets</c>.</summary>
internal static class TestedTransport
{
    // One for the whole process, as in the product; it ends with the process.
    private static readonly Lazy<ProxyTransport> Epoll = new(static () =>
    {
        var transport = new EpollTransport();
        return new ProxyTransport(transport.Listeners, transport.Connections)
        {
            Lane = static () => EpollTransport.CurrentLane,
            Scheduler = static () => EpollTransport.CurrentScheduler,
        };
    });

    /// <summary>The value of the configuration key <c>Transport</c>.</summary>
    public static string Name { get; } = Environment.GetEnvironmentVariable("SMTPPROXY_TEST_TRANSPORT") is { Length: > 0 } name ? name : "Sockets";

    /// <summary>The transport for a proxy in this process; null: the runtime's sockets.</summary>
    public static ProxyTransport? Current => Of(Name);

    /// <summary>The transport of that name, for a test that is about more than one; null: the runtime's sockets.</summary>
    public static ProxyTransport? Of(string name) => name == "Epoll" ? Epoll.Value : null;
}
