using Microsoft.Extensions.Logging;

namespace SmtpProxy.Affinity;

/// <summary>Asks the store with a deadline, and does not ask it while it is away.</summary>
internal sealed partial class StoreCaller(
    IAffinityStore store, StoreGate gate, TimeSpan timeout, AffinityMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>The store itself, for what may fail before the eyes of an operator.</summary>
    public IAffinityStore Store { get; } = store;

    /// <summary>True while the store answers.</summary>
    public bool IsUp => gate.IsOpen && Store.IsUp;

    /// <summary>True when more than a probe may be sent.</summary>
    public bool IsOpen => gate.IsOpen;

    /// <summary>How long to leave the store alone.</summary>
    public TimeSpan Wait => gate.Wait;

    /// <summary>Asks the store. Throws only when the caller gave up.</summary>
    public async ValueTask<StoreAnswer<T>> TryAsync<TState, T>(
        string operation, TState state, Func<IAffinityStore, TState, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        if (!gate.TryEnter())
        {
            return default;
        }

        try
        {
            return new StoreAnswer<T>(IsAnswered: true, await CallAsync(operation, state, call, cancellationToken));
        }
        catch (AffinityStoreException)
        {
            return default;
        }
    }

    /// <summary>Asks the store whatever is known of it. Throws <see cref="AffinityStoreException"/> when it does not answer.</summary>
    public ValueTask<T> CallAsync<TState, T>(
        string operation, TState state, Func<IAffinityStore, TState, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken) =>
        CallAsync(operation, timeout, state, call, cancellationToken);

    /// <summary>The same with another deadline, for work on many entries.</summary>
    public async ValueTask<T> CallAsync<TState, T>(
        string operation,
        TimeSpan limit,
        TState state,
        Func<IAffinityStore, TState, CancellationToken, ValueTask<T>> call,
        CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            // A store that ignores its token must not hold up mail either.
            var value = await call(Store, state, linked.Token).AsTask().WaitAsync(linked.Token);
            if (gate.Succeeded())
            {
                Log.StoreIsBack(logger);
            }

            return value;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            gate.Abandoned();
            throw;
        }
        catch (Exception exception)
        {
            if (gate.Failed())
            {
                Log.StoreIsAway(logger, exception);
            }

            metrics.CountStoreFailure(operation);
            var reason = exception is OperationCanceledException ? $"The store did not answer within {limit.TotalSeconds:0.#} s." : exception.Message;
            throw exception as AffinityStoreException ?? new AffinityStoreException(reason, exception);
        }
        finally
        {
            metrics.ObserveStoreCall(operation, time.GetElapsedTime(started));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1451, LogLevel.Warning, "The affinity store does not answer; service goes on from memory.")]
        public static partial void StoreIsAway(ILogger logger, Exception exception);

        [LoggerMessage(1452, LogLevel.Information, "The affinity store answers again.")]
        public static partial void StoreIsBack(ILogger logger);
    }
}
