using Microsoft.Data.Sqlite;

namespace SmtpProxy.Affinity;

/// <summary>Something to do on the thread of a <see cref="SqliteWorker"/>. Done and told apart: nobody learns of it before the commit.</summary>
internal abstract class SqliteJob
{
    /// <summary>Does the work.</summary>
    public abstract void Run(SqliteConnection connection);

    /// <summary>Tells watchers and the caller that it is done. Called in the order of the changes.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that it failed.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>A job with a result, and what to tell of it once it is durable.</summary>
internal sealed class SqliteJob<T>(Func<SqliteConnection, T> work, Action<T>? committed) : SqliteJob
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _completion.Task;

    public override void Run(SqliteConnection connection) => _result = work(connection);

    public override void Complete()
    {
        committed?.Invoke(_result!);
        _completion.TrySetResult(_result!);
    }

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
