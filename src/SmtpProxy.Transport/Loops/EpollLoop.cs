using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using SmtpProxy.Transport.Native;
using SmtpProxy.Transport.Pipes;

namespace SmtpProxy.Transport.Loops;

/// <summary>One thread that waits for events of many descriptors and hands each to its target. What goes on because of an event runs on that thread,
/// so a session costs no wake-up beside the one that the event is.</summary>
internal sealed partial class EpollLoop : PipeScheduler, IDisposable
{
    private const int BatchSize = 256;

    // The eventfd's key: no table gives out generation 0.
    private const ulong WakeKey = 0;

    [ThreadStatic]
    private static EpollLoop? _current;

    private readonly ILogger _logger;
    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _wake;
    private readonly EpollTable _table = new();
    private readonly DeferredSends _sends = new();
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _posted = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isSleeping;
    private volatile bool _isStopping;
    private volatile bool _isEnded;

    public EpollLoop(int number, int maxReadBlock, ILogger logger)
    {
        (Number, MaxReadBlock) = (number, maxReadBlock);
        _logger = logger;
        Features.Set<PipeScheduler>(this);
        _epoll = new SafeFileHandle(Check(Libc.EpollCreate(Constants.EpollCloseOnExec)), ownsHandle: true);
        var wake = Check(Libc.EventDescriptor(0, Constants.EventNonBlocking | Constants.EventCloseOnExec));
        _wake = new SafeFileHandle(wake, ownsHandle: true);
        Control(Constants.EpollAdd, wake, EpollEvents.In | EpollEvents.EdgeTriggered, WakeKey);
        new Thread(Run) { IsBackground = true, Name = $"epoll {number}" }.UnsafeStart();
    }

    /// <summary>The loop whose thread this is, if any.</summary>
    public static EpollLoop? Current => _current;

    /// <summary>Its number in its transport, from 1.</summary>
    public int Number { get; }

    /// <summary>Octets of the largest block that its connections receive into.</summary>
    public int MaxReadBlock { get; }

    /// <summary>What all connections of this loop have: the <see cref="PipeScheduler"/> by which work that left its thread comes back to it.</summary>
    public IFeatureCollection Features { get; } = new FeatureCollection();

    /// <summary>Completes when the thread has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Begins to watch a descriptor.</summary>
    /// <returns>The key of the registration.</returns>
    public ulong Add(int descriptor, IEpollTarget target, EpollEvents events)
    {
        var key = _table.Add(descriptor, target);
        try
        {
            Control(Constants.EpollAdd, descriptor, events, key);
            return key;
        }
        catch
        {
            _table.Remove(key);
            throw;
        }
    }

    /// <summary>Changes what a descriptor is watched for; what is the case already is reported again.</summary>
    public void Modify(ulong key, EpollEvents events) => Control(Constants.EpollModify, (int)(uint)key, events, key);

    /// <summary>Hands a registration on.</summary>
    public void Replace(ulong key, IEpollTarget target) => _table.Replace(key, target);

    /// <summary>Forgets a descriptor that is about to be closed, which ends its registration in the system.</summary>
    public void Forget(ulong key) => _table.Remove(key);

    /// <summary>Stops watching a descriptor that stays open.</summary>
    public void Remove(ulong key)
    {
        _table.Remove(key);
        Control(Constants.EpollDelete, (int)(uint)key, EpollEvents.None, key);
    }

    /// <summary>Runs something on the loop's thread soon, after the events that it is busy with. On the thread pool when the loop has ended.</summary>
    public void Post(IThreadPoolWorkItem work)
    {
        _posted.Enqueue(work);
        if (_current != this && Interlocked.Exchange(ref _isSleeping, 0) == 1)
        {
            Wake();
        }

        if (_isEnded)
        {
            PassOn();
        }
    }

    /// <summary>Has a writer called at the end of the turn. Only on the loop's thread.</summary>
    /// <returns>Where it puts what it has to send until then.</returns>
    public DeferredOctets Defer(EpollPipeWriter writer) => _sends.Add(writer);

    /// <summary>Takes back what <see cref="Defer"/> gave.</summary>
    public void GiveBack(DeferredOctets octets)
    {
        if (_current == this)
        {
            _sends.GiveBack(octets);
        }
    }

    /// <inheritdoc/>
    public override void Schedule(Action<object?> action, object? state) => Post(new ScheduledAction(action, state));

    /// <summary>Ends the thread, once it has told all targets; does not wait for that.</summary>
    public void Dispose()
    {
        _isStopping = true;
        Wake();
    }

    private void Run()
    {
        _current = this;
        var events = new EpollEventBuffer(BatchSize);
        while (!_isStopping)
        {
            var count = Wait(events);
            for (var i = 0; i < count; i++)
            {
                Dispatch(events.DataAt(i), events.EventsAt(i));
                if (_sends.IsFull)
                {
                    SendDeferred();
                }
            }

            RunPosted();
            SendDeferred();
        }

        foreach (var target in _table.Targets())
        {
            target.OnLoopEnding();
        }

        RunPosted();
        SendDeferred();
        End();
    }

    private unsafe int Wait(EpollEventBuffer events)
    {
        // A full fence: either this sees what was posted, or the poster sees that it must wake.
        Interlocked.Exchange(ref _isSleeping, 1);
        var timeout = _posted.IsEmpty && !_isStopping ? -1 : 0;
        var count = Libc.EpollWait(_epoll, events.Pointer, events.Capacity, timeout);
        Volatile.Write(ref _isSleeping, 0);
        return count;
    }

    private void Dispatch(ulong key, EpollEvents events)
    {
        if (key == WakeKey || _table.Find(key) is not { } target)
        {
            return;
        }

        try
        {
            target.OnReady(events);
        }
        catch (Exception e)
        {
            // One session's fault must not end the thread that serves all others.
            Log.Fault(_logger, e);
        }
    }

    private void RunPosted()
    {
        // What is posted meanwhile waits for the next round: events must get their turn.
        for (var count = _posted.Count; count > 0 && _posted.TryDequeue(out var work); count--)
        {
            try
            {
                work.Execute();
            }
            catch (Exception e)
            {
                Log.Fault(_logger, e);
            }
        }
    }

    private void SendDeferred()
    {
        while (_sends.TryTake(out var writer))
        {
            try
            {
                writer.OnTurnEnding();
            }
            catch (Exception e)
            {
                Log.Fault(_logger, e);
            }
        }
    }

    private void End()
    {
        _current = null;
        _isEnded = true;
        PassOn();

        // The eventfd is left to the finalizer: somebody may be about to wake this thread.
        _epoll.Dispose();
        _ended.SetResult();
    }

    private void PassOn()
    {
        while (_posted.TryDequeue(out var work))
        {
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        }
    }

    private unsafe void Wake()
    {
        var one = 1ul;
        _ = Libc.Write(_wake, &one, sizeof(ulong));
    }

    private unsafe void Control(int operation, int descriptor, EpollEvents events, ulong key)
    {
        var epollEvent = stackalloc byte[EpollEventBuffer.MaxSize];
        EpollEventBuffer.Write(epollEvent, events, key);
        Check(Libc.EpollControl(_epoll, operation, descriptor, epollEvent));
    }

    private static int Check(int result) => result >= 0 ? result : throw Errno.ToException(Errno.Last);

    private static partial class Log
    {
        [LoggerMessage(2000, LogLevel.Error, "A connection failed unexpectedly", EventName = "TransportFault")]
        public static partial void Fault(ILogger logger, Exception exception);
    }
}
