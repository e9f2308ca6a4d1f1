using SmtpProxy.TestKit.Servers;

namespace SmtpProxy.FunctionalTests.Sessions;

/// <summary>Servers that know two users, and what these say.</summary>
internal static class AuthServers
{
    /// <summary>NUL u1 NUL p1.</summary>
    public const string Plain = "AHUxAHAx";

    /// <summary>u1 and p1.</summary>
    public const string User = "dTE=";
    public const string Password = "cDE=";

    /// <summary>NUL u2 NUL bad.</summary>
    public const string Wrong = "AHUyAGJhZA==";

    /// <summary>Keys of a listener that takes logins in clear.</summary>
    public const string Relay = """{ "Auth": { "Mode": "Relay", "AllowWithoutTls": true }, "Capabilities": ["AUTH PLAIN LOGIN X-TALK"] }""";

    public static ServerEntry Entry(params IReadOnlyList<ServerRule> rules) => new()
    {
        Serve = "default",
        Caps = ["PIPELINING", "AUTH PLAIN LOGIN X-TALK"],
        Auth = new Dictionary<string, string>
        {
            [Plain] = "u1",
            [$"{User}:{Password}"] = "u1",
            ["QUIT:DATA:RSET"] = "u9",
            ["b2s=:QUIT:DATA"] = "u9",
        },
        RequireAuth = "530 5.7.0 authentication required\r\n",
        EhloDropsAuth = true,
        Rules = rules,
    };

    public static ScriptedServer Start(string name, params IReadOnlyList<ServerRule> rules) => ScriptedServer.Start(name, Entry(rules));
}
