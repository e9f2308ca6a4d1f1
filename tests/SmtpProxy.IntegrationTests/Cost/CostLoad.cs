namespace SmtpProxy.IntegrationTests.Cost;

/// <summary>A load of messages, and what each may cost the proxy in system calls.</summary>
/// <param name="Name">Its name in the benchmarks.</param>
/// <param name="Options">What smtp-source is told beside the number of messages.</param>
/// <param name="DialogueCalls">Sends and receives that no proxy can do without, as the client waits for each reply.</param>
internal sealed record CostLoad(string Name, IReadOnlyList<string> Options, int DialogueCalls)
{
    private const string Sessions = "20";
    private const string Octets = "4096";

    // MAIL, RCPT, DATA and the text: each is received, sent on, its reply received and sent on.
    private const int TransactionCalls = 4 * 4;

    // The greeting is sent; HELO and QUIT are received and answered.
    private const int SessionCalls = 1 + (2 * 2);

    /// <summary>W1: a connection for each message. Beside the dialogue: accept, close, what epoll is told and asked, and little else.</summary>
    public static CostLoad ShortSessions { get; } = new("W1", ["-s", Sessions, "-l", Octets], TransactionCalls + SessionCalls)
    {
        MoreCalls = 9,
        MoreCallsOfLoops = 4.8,
    };

    /// <summary>W2: kept connections. Beside the dialogue: what epoll is asked.</summary>
    public static CostLoad KeptSessions { get; } = new("W2", ["-d", "-s", Sessions, "-l", Octets], TransactionCalls)
    {
        MoreCalls = 5,
        MoreCallsOfLoops = 1.7,
    };

    /// <summary>Calls of all threads that are allowed beside the dialogue's.</summary>
    public required double MoreCalls { get; init; }

    /// <summary>The same for the threads on which mail goes through, which a busy machine does not change.</summary>
    public required double MoreCallsOfLoops { get; init; }
}
