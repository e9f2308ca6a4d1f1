namespace SmtpProxy.Tests.Backends;

/// <summary>How servers behave.</summary>
internal static class ServerScripts
{
    public const string Greeting = "220 mta.example.net ESMTP\r\n";
    public const string Capabilities = "250-mta.example.net\r\n250 PIPELINING\r\n";

    /// <summary>A server that says yes to everything, or what <paramref name="answer"/> says; null: the default.</summary>
    public static Func<ServerConversation, Task> Sink(Func<ServerConversation, string, string?>? answer = null) => async server =>
    {
        await server.SendAsync(Greeting);
        while (await server.ReadLineAsync() is { } line)
        {
            var verb = line.Split(' ')[0];
            var reply = answer?.Invoke(server, verb) ?? verb switch
            {
                "EHLO" => Capabilities,
                "QUIT" => "221 2.0.0 bye\r\n",
                _ => "250 2.0.0 ok\r\n",
            };
            if (reply.Length > 0)
            {
                await server.SendAsync(reply);
            }

            if (verb == "QUIT" && reply.Length > 0)
            {
                server.Close();
                return;
            }
        }
    };

    /// <summary>Sends the octets, then reads until the proxy closes.</summary>
    public static Func<ServerConversation, Task> Says(string octets) => async server =>
    {
        await server.SendAsync(octets);
        while (await server.ReadLineAsync() is not null)
        {
        }
    };
}
