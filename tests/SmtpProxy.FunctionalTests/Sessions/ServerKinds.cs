using SmtpProxy.TestKit.Servers;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.FunctionalTests.Sessions;

/// <summary>Servers that behave well but for what a test needs.</summary>
internal static class ServerKinds
{
    public static ServerEntry Good(params IReadOnlyList<ServerRule> rules) => new() { Serve = "default", Rules = rules };

    public static ServerEntry With(IReadOnlyList<string> caps, params IReadOnlyList<ServerRule> rules) =>
        new() { Serve = "default", Caps = caps, Rules = rules };

    public static ServerEntry Refusing() => new() { Script = [new ScriptStep { Refuse = true }] };

    public static ServerRule Rule(string when, string reply, CloseHow? thenClose = null, int times = int.MaxValue) =>
        new() { When = when, Reply = reply + "\r\n", ThenClose = thenClose, Times = times };
}
