using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace SmtpProxy.Accounting;

/// <summary>Writes lines to a stream behind a bounded queue. When the stream is slower than the mail, the oldest lines are lost and counted.</summary>
internal sealed partial class QueuedLineWriter : ILineSink, IAsyncDisposable
{
    /// <summary>Lines that wait before the oldest is lost.</summary>
    public const int DefaultCapacity = 65_536;

    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(5);

    // Waking a thread for each line costs more than all the rest of it: under load the lines of this time are written together.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    private readonly Stream _output;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Counter _dropped;
    private readonly LineQueue _lines;

    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly CancellationTokenSource _closing = new();
    private readonly Task _writing;
    private bool _isBroken;

    public QueuedLineWriter(Stream output, IMetricFactory metrics, TimeProvider time, ILogger<QueuedLineWriter> logger, int capacity = DefaultCapacity)
    {
        _output = output;
        _logger = logger;
        _time = time;
        _dropped = metrics.CreateCounter("smtpproxy_log_lines_dropped_total", "Lines of the transaction log that were lost because its reader was too slow or gone.");
        _lines = new LineQueue(capacity);
        _writing = Task.Run(WriteInBackgroundAsync);
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> line)
    {
        if (!_lines.TryAdd(line, out var wasEmpty))
        {
            _dropped.Inc();
        }

        if (wasEmpty)
        {
            _signal.Writer.TryWrite(true);
        }
    }

    /// <summary>Writes what is queued and ends, within a few seconds even when nobody reads the stream.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Close();
        _signal.Writer.TryComplete();
        await _closing.CancelAsync();
        try
        {
            await _writing.WaitAsync(LastWrites, _time);
        }
        catch (TimeoutException e)
        {
            Log.OutputStuck(_logger, e);
        }

        _closing.Dispose();
    }

    private async Task WriteInBackgroundAsync()
    {
        var closing = _closing.Token;
        while (await _signal.Reader.WaitToReadAsync())
        {
            _signal.Reader.TryRead(out _);
            await WriteAllAsync();
            await Task.Delay(Gathering, _time, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await WriteAllAsync();
    }

    private async Task WriteAllAsync()
    {
        while (_lines.Take() is { } block)
        {
            await WriteAsync(block);
            _lines.Return(block);
        }
    }

    private async ValueTask WriteAsync(LineBlock block)
    {
        if (_isBroken)
        {
            _dropped.Inc(block.Lines);
            return;
        }

        try
        {
            await _output.WriteAsync(block.Octets);
            await _output.FlushAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // A reader that is gone does not come back; the queue is emptied all the same, so that memory stays bounded.
            _isBroken = true;
            _dropped.Inc(block.Lines);
            Log.OutputLost(_logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1902, LogLevel.Error, "The transaction log cannot be written any more; its lines are lost from now on.")]
        public static partial void OutputLost(ILogger logger, Exception exception);

        [LoggerMessage(1903, LogLevel.Warning, "The last lines of the transaction log were not taken by their reader.")]
        public static partial void OutputStuck(ILogger logger, Exception exception);
    }
}
