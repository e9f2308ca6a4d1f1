using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmtpProxy.Transport.Connections;
using SmtpProxy.Transport.Loops;

namespace SmtpProxy.Transport;

/// <summary>Connections over Linux' epoll: a few loops, each a thread, and pipes that read and write the descriptors themselves.</summary>
/// <remarks>Disposing unbinds the listeners and resets the connections that are left.</remarks>
public sealed class EpollTransport : IAsyncDisposable
{
    // A loop that does not end within this time runs a continuation that blocks.
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    private int _next;

    /// <summary>Starts the loops.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where faults are reported.</param>
    /// <exception cref="PlatformNotSupportedException">The system is not Linux.</exception>
    public EpollTransport(EpollTransportOptions? options = null, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("epoll is a part of Linux.");
        }

        Options = options ?? new EpollTransportOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.Loops, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.MaxReadBlock, Pipes.ReadBuffer.SmallBlock, nameof(options));
        Time = time ?? TimeProvider.System;
        Logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<EpollTransport>();
        Loops = [.. Enumerable.Range(0, Options.Loops).Select(i => new EpollLoop(i + 1, Options.MaxReadBlock, Logger))];
        Listeners = new EpollConnectionListenerFactory(this);
        Connections = new EpollConnectionFactory(this);
    }

    /// <summary>Binds listeners. Endpoints are of type <see cref="System.Net.IPEndPoint"/>.</summary>
    public IConnectionListenerFactory Listeners { get; }

    /// <summary>Connects. Endpoints are of type <see cref="System.Net.IPEndPoint"/>.</summary>
    public IConnectionFactory Connections { get; }

    /// <summary>The number of the loop that the present thread is, from 1; 0 when it is none.</summary>
    public static int CurrentLane => EpollLoop.Current?.Number ?? 0;

    /// <summary>The loop that the present thread is, for work that leaves it and has to come back; null when it is none.</summary>
    public static PipeScheduler? CurrentScheduler => EpollLoop.Current;

    internal EpollTransportOptions Options { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal IReadOnlyList<EpollLoop> Loops { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var loop in Loops)
        {
            loop.Dispose();
        }

        await Task.WhenAll(Loops.Select(static loop => loop.Ended)).WaitAsync(EndTimeout, Time);
    }

    /// <summary>The present thread's loop, or else the next in turn.</summary>
    internal EpollLoop NextLoop() =>
        EpollLoop.Current is { } current && Loops.Contains(current) ? current : Loops[(int)((uint)Interlocked.Increment(ref _next) % (uint)Loops.Count)];
}
