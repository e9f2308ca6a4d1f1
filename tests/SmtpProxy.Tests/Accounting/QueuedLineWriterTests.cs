using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Accounting;
using Xunit;

namespace SmtpProxy.Tests.Accounting;

public sealed class QueuedLineWriterTests : IDisposable
{
    private const string Dropped = "smtpproxy_log_lines_dropped_total";

    private readonly Scrape _scrape = new();
    private readonly GatedStream _output = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ListLogger<QueuedLineWriter> _logger = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public async Task Write_ManyLines_AreWrittenInOrderBeforeTheEnd()
    {
        var expected = string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"line {i}\n"));
        await using (var writer = Create())
        {
            _output.Open();
            foreach (var line in expected.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                writer.Write(System.Text.Encoding.ASCII.GetBytes(line + "\n"));
            }
        }

        Assert.Equal(expected, _output.Text());
        Assert.Contains($"{Dropped} 0", await ReadAsync());
    }

    [Fact]
    public async Task Write_OutputStuck_LosesTheOldestAndCountsThem()
    {
        var writer = Create(capacity: 2);
        writer.Write("first\n"u8);
        await _output.Entered.WaitAsync(TestContext.Current.CancellationToken);

        foreach (var line in new[] { "second\n", "third\n", "fourth\n", "fifth\n" })
        {
            writer.Write(System.Text.Encoding.ASCII.GetBytes(line));
        }

        Assert.Contains($"{Dropped} 2", await ReadAsync());
        _output.Open();
        await writer.DisposeAsync();
        Assert.Equal("first\nfourth\nfifth\n", _output.Text());
    }

    [Fact]
    public async Task Write_OutputBroken_LogsOnceAndCountsAllLines()
    {
        var writer = Create();
        _output.Break();
        writer.Write("first\n"u8);
        await _output.Entered.WaitAsync(TestContext.Current.CancellationToken);
        writer.Write("second\n"u8);
        await writer.DisposeAsync();
        writer.Write("too late\n"u8);

        Assert.Equal([1902], _logger.Events.Select(static e => e.Id));
        Assert.Contains($"{Dropped} 3", await ReadAsync());
    }

    [Fact]
    public async Task DisposeAsync_OutputStuck_EndsAfterAWhile()
    {
        var writer = Create();
        writer.Write("first\n"u8);
        await _output.Entered.WaitAsync(TestContext.Current.CancellationToken);

        var disposing = writer.DisposeAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(6));
        await disposing.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal([1903], _logger.Events.Select(static e => e.Id));
        _output.Open();
    }

    private QueuedLineWriter Create(int capacity = QueuedLineWriter.DefaultCapacity) => new(_output, _scrape.Factory, _time, _logger, capacity);

    private Task<string[]> ReadAsync() => _scrape.ReadAsync(TestContext.Current.CancellationToken);
}
