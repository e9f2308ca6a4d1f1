using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace SmtpProxy.Affinity;

/// <summary>A thread of its own with a connection of its own, so that SQLite's blocking calls never hold a thread that serves sessions.
/// A worker that writes puts all that waits into one transaction.</summary>
internal sealed class SqliteWorker : IAsyncDisposable
{
    private const int BatchSize = 256;

    private readonly BlockingCollection<SqliteJob> _jobs;
    private readonly Func<SqliteConnection> _open;
    private readonly bool _transactional;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<SqliteJob> _batch = new(BatchSize);
    private bool _isUp = true;

    public SqliteWorker(string name, Func<SqliteConnection> open, bool transactional, int queueLimit)
    {
        _open = open;
        _transactional = transactional;
        _jobs = new BlockingCollection<SqliteJob>(queueLimit);
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>False after a failed job, until the next one that works.</summary>
    public bool IsUp => Volatile.Read(ref _isUp);

    /// <summary>Runs <paramref name="work"/> on the thread. Fails at once when too many wait.</summary>
    public ValueTask<T> RunAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken) =>
        RunAsync(work, committed: null, cancellationToken);

    /// <summary>The same; <paramref name="committed"/> runs on the thread after the commit, in the order of the changes.</summary>
    public async ValueTask<T> RunAsync<T>(Func<SqliteConnection, T> work, Action<T>? committed, CancellationToken cancellationToken)
    {
        var job = new SqliteJob<T>(work, committed);
        bool queued;
        try
        {
            queued = _jobs.TryAdd(job);
        }
        catch (InvalidOperationException)
        {
            throw new AffinityStoreException("The database is closed.");
        }

        return queued
            ? await job.Task.WaitAsync(cancellationToken)
            : throw new AffinityStoreException("Too many database operations wait.");
    }

    /// <summary>Finishes what is queued and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_jobs.IsAddingCompleted)
        {
            _jobs.CompleteAdding();
        }

        await _ended.Task;
    }

    private void Run()
    {
        SqliteConnection? connection = null;
        try
        {
            foreach (var first in _jobs.GetConsumingEnumerable())
            {
                _batch.Clear();
                _batch.Add(first);
                while (_transactional && _batch.Count < BatchSize && _jobs.TryTake(out var next))
                {
                    _batch.Add(next);
                }

                RunBatch(ref connection);
            }
        }
        finally
        {
            connection?.Dispose();
            _ended.TrySetResult();
        }
    }

    private void RunBatch(ref SqliteConnection? connection)
    {
        try
        {
            connection ??= _open();
            Execute(connection, "BEGIN IMMEDIATE");
            foreach (var job in _batch)
            {
                job.Run(connection);
            }

            Execute(connection, "COMMIT");
            Volatile.Write(ref _isUp, true);
            _batch.ForEach(static job => job.Complete());
        }
        catch (Exception exception) when (exception is SqliteException or InvalidOperationException or IOException or AffinityStoreException)
        {
            // Closing rolls the transaction back whole: no job of it may be told that it worked.
            Volatile.Write(ref _isUp, false);
            var failure = exception as AffinityStoreException ?? new AffinityStoreException($"The database failed: {exception.Message}", exception);
            _batch.ForEach(job => job.Fail(failure));
            connection?.Dispose();
            connection = null;
        }
    }

    // Plain statements: kept commands need not be told of a transaction object.
    private void Execute(SqliteConnection connection, string sql)
    {
        if (_transactional)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
