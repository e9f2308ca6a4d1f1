using System.Net;
using System.Net.Sockets;
using System.Text;
using SmtpProxy.TestKit.Processes;

namespace SmtpProxy.TestKit.Postfix;

/// <summary>
/// A real Postfix on a free loopback port, with configuration, queue and mailbox in a directory of its own. It delivers all
/// mail to one mailbox, or sends all mail on to a relay host. Needs Debian's postfix package and root.
/// </summary>
public sealed class PostfixServer : IAsyncDisposable
{
    internal const string MailDirectoryName = "mail";
    internal const string MailboxName = "inbox";

    // The user "nobody" of Debian: virtual(8) does not deliver as root.
    internal const int NobodyId = 65534;

    private const string Master = "/usr/lib/postfix/sbin/master";
    private const string Sendmail = "/usr/sbin/sendmail";

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    // In the order in which a message passes through them, so that one on its way is not missed by being ahead of the look.
    private static readonly string[] Queues = ["maildrop", "incoming", "active", "deferred"];

    private readonly TempDirectory _directory = new("smtpproxy-postfix-");
    private ChildProcess? _master;

    private PostfixServer(PostfixOptions options)
    {
        EndPoint = FreePorts.NextEndPoint();
        _directory.Write("etc/master.cf", PostfixConfiguration.Master(EndPoint.Port));
        _directory.Write("etc/main.cf", PostfixConfiguration.Main(_directory, options));

        foreach (var (name, text) in options.Files)
        {
            _directory.Write($"etc/{name}", text);
        }

        // The delivering process has dropped its privileges when it creates the mailbox.
        _directory.CreateOpenDirectory(MailDirectoryName);
    }

    /// <summary>True where Postfix is installed and this process may run it.</summary>
    public static bool IsAvailable => File.Exists(Master) && Environment.IsPrivilegedProcess;

    /// <summary>Where its SMTP server listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Its configuration directory, for Postfix's own tools.</summary>
    public string ConfigDirectory => _directory.PathOf("etc");

    /// <summary>What it has logged.</summary>
    public IReadOnlyList<string> Log => File.Exists(LogFile) ? ReadLog() : [];

    private string LogFile => _directory.PathOf("mail.log");

    /// <summary>Sets up and starts an instance; it takes connections when this returns.</summary>
    public static async Task<PostfixServer> StartAsync(PostfixOptions options, CancellationToken cancellationToken)
    {
        var server = new PostfixServer(options);
        try
        {
            await server.CreateQueueAsync(cancellationToken);
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after <see cref="StopAsync"/> or <see cref="KillAsync"/>, with the queue that it has left.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Not by the command "postfix start-fg": under it the daemons leave our process group, and its checks take seconds.
        var master = _master = ChildProcess.Start(Master, "-c", ConfigDirectory, "-d");
        await Poll.TryUntilAsync(async () => master.ExitCode is not null || await AcceptsAsync(cancellationToken), LongestStart, cancellationToken);
        if (master.ExitCode is not null || !await AcceptsAsync(cancellationToken))
        {
            throw new InvalidOperationException($"Postfix does not come up: {string.Join('\n', master.Lines.Concat(Log).TakeLast(20))}");
        }
    }

    /// <summary>Stops it in order.</summary>
    public async Task StopAsync()
    {
        if (_master is { } master)
        {
            await master.DisposeAsync();
            _master = null;
        }
    }

    /// <summary>Kills all its processes at once. What it has answered for is in its queue.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (_master is { } master)
        {
            master.KillGroup();
            await master.HasExitedAsync(LongestStart, cancellationToken);
            await StopAsync();
        }
    }

    /// <summary>The messages in the mailbox, one for each recipient.</summary>
    public async Task<IReadOnlyList<DeliveredMessage>> MessagesAsync(CancellationToken cancellationToken)
    {
        var arrived = Path.Combine(_directory.PathOf(MailDirectoryName), MailboxName, "new");
        var messages = new List<DeliveredMessage>();
        foreach (var file in Directory.Exists(arrived) ? Directory.GetFiles(arrived) : [])
        {
            messages.Add(new DeliveredMessage(await File.ReadAllTextAsync(file, Encoding.Latin1, cancellationToken)));
        }

        return messages;
    }

    /// <summary>How many messages are in the queue.</summary>
    public int QueueLength() => Queues.Sum(CountOf);

    /// <summary>Waits until all that it has taken is delivered, or sent on.</summary>
    public async Task WaitForQueueEmptyAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        // A message that goes back from deferred to active passes behind the look: only two looks in a row count.
        var looks = 0;
        await Poll.UntilAsync(() => (looks = QueueLength() == 0 ? looks + 1 : 0) >= 2, deadline, "Postfix's queue is empty", cancellationToken);
    }

    /// <summary>Hands in a message as a local program does.</summary>
    public Task SubmitAsync(string sender, string recipient, string text, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync(
            "/bin/sh",
            ["-c", "exec \"$0\" -C \"$1\" -i -f \"$2\" -- \"$3\" < \"$4\"", Sendmail, ConfigDirectory, sender, recipient, _directory.Write("submitted.eml", text)],
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }

    /// <summary>The directories of a queue with the owners and modes that Postfix's own set-up gives them.</summary>
    private async Task CreateQueueAsync(CancellationToken cancellationToken)
    {
        const string Script = """
            mkdir -m 755 queue queue/pid && cd queue &&
            install -d -o postfix -m 700 active bounce corrupt defer deferred flush hold incoming private saved trace ../data &&
            install -d -o postfix -g postdrop -m 1730 maildrop && install -d -o postfix -g postdrop -m 710 public
            """;
        await ChildProcess.RunAsync("/bin/sh", ["-c", $"cd \"$0\" && {Script}", _directory.Root], cancellationToken);
    }

    private int CountOf(string queue)
    {
        var path = Path.Combine(_directory.PathOf("queue"), queue);
        return Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Count(IsTaken) : 0;
    }

    // Postfix makes a file executable when it is complete, just before it answers for the message. One that a kill has left incomplete
    // stays for a day and a half.
    private static bool IsTaken(string file) =>
        new FileInfo(file) is { Exists: true } info && info.UnixFileMode.HasFlag(UnixFileMode.UserExecute);

    private async ValueTask<bool> AcceptsAsync(CancellationToken cancellationToken)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await probe.ConnectAsync(EndPoint, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string[] ReadLog()
    {
        using var reader = new StreamReader(new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
