using BenchmarkDotNet.Attributes;
using SmtpProxy.TestKit.Measuring;

namespace SmtpProxy.Benchmarks;

/// <summary>What passes through the whole proxy and back while the client waits. The client and the server, over loopback, allocate nothing: all
/// that is allocated is the proxy's.</summary>
[MemoryDiagnoser]
[InvocationCount(Commands)]
public class CommandExchangeBenchmarks : IAsyncDisposable
{
    // As many recipients as an ordinary message may have: their commands fit the buffer that a session keeps.
    private const int Commands = 200;

    // Enough for the runtime to have compiled all of it for good.
    private const int WarmUp = 2_000;

    private LeanBed? _bed;
    private LeanClient? _client;

    /// <summary>What carries the connections.</summary>
    [Params("Epoll", "Sockets")]
    public string Transport { get; set; } = "";

    /// <summary>Starts the proxy, and lets it run until all of it is compiled for good.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        _bed = await LeanBed.StartAsync(Transport);
        _client = _bed.Connect();
        for (var i = 0; i < WarmUp; i++)
        {
            _client.SendMail(recipients: 2, others: 2);
        }
    }

    /// <summary>Stops it.</summary>
    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        _client!.Dispose();
        await _bed!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A transaction that has no recipients yet.</summary>
    [IterationSetup(Target = nameof(Recipient))]
    public void Begin() => _client!.BeginAgain();

    /// <summary>One RCPT, answered by the server.</summary>
    [Benchmark]
    public void Recipient() => _client!.AddRecipient();

    /// <summary>One NOOP, answered by the proxy.</summary>
    [Benchmark]
    public void LocalCommand() => _client!.AskNothing();

    /// <summary>A message of 4 KiB to one recipient, on a kept session: MAIL, RCPT, DATA, the text, and the accounting.</summary>
    [Benchmark]
    public void Transaction() => _client!.SendMail(recipients: 1);
}
