using System.Net;
using SmtpProxy.Protocol;

namespace SmtpProxy.Tests.Backends;

/// <summary>Clients that the proxy speaks for, and a server that lets itself be told of them.</summary>
internal static class Clients
{
    public const string XClientCapabilities = "250-mta.example.net\r\n250-XCLIENT NAME ADDR PORT PROTO HELO\r\n250 PIPELINING\r\n";

    public static ForwardedClient At(string address, int port = 40000, string helo = "c.example.com") =>
        new(new IPEndPoint(IPAddress.Parse(address), port), IPEndPoint.Parse("192.0.2.25:25"), helo, IsEsmtp: true);

    /// <summary>Says yes to everything, XCLIENT too, or what <paramref name="answer"/> says; null: the default.</summary>
    public static Func<ServerConversation, Task> XClientSink(Func<ServerConversation, string, string?>? answer = null) =>
        ServerScripts.Sink((server, verb) => answer?.Invoke(server, verb) ?? verb switch
        {
            "EHLO" => XClientCapabilities,
            "XCLIENT" => ServerScripts.Greeting,
            _ => null,
        });
}
