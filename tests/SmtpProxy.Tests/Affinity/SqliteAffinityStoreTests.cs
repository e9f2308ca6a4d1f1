using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.TestKit.Affinity;
using Xunit;

namespace SmtpProxy.Tests.Affinity;

public sealed class SqliteAffinityStoreTests : AffinityStoreContract
{
    private static readonly AffinityKey Key = new("pool", "a");

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly string _directory = Directory.CreateTempSubdirectory("smtpproxy-affinity-").FullName;

    protected override TimeProvider Time => _time;

    [Fact]
    public async Task StartAsync_AfterRestart_EntriesAreThere()
    {
        var path = Path.Combine(_directory, "restart.db");
        var store = await StartedAsync(path);
        var first = await store.TryAssignAsync(Key, Entry("mta1"), Token);
        await store.DisposeAsync();

        await using var again = await StartedAsync(path);

        Assert.Equal(first, await again.GetAsync(Key, Token));
        var moved = await again.TryMoveAsync(Key, first.Generation, Entry("mta2"), Token);
        Assert.True(moved!.Generation > first.Generation);
    }

    [Fact]
    public async Task DisposeAsync_QueuedWrites_AllDurable()
    {
        var path = Path.Combine(_directory, "queued.db");
        var store = await StartedAsync(path);
        var writes = Enumerable.Range(0, 2000).Select(i => store.TryAssignAsync(new AffinityKey("pool", $"{i}"), Entry("mta1"), Token).AsTask()).ToList();
        await store.DisposeAsync();
        await Task.WhenAll(writes);

        await using var again = await StartedAsync(path);

        Assert.Equal(2000, await again.CountAsync("pool", Token));
    }

    [Fact]
    public async Task TryAssignAsync_MoreOperationsThanMayWait_FailAtOnceAndTheOthersAreDone()
    {
        var config = new SqliteConfig { Path = Path.Combine(_directory, "full.db"), MaxQueuedOperations = 4 };
        await using var store = new SqliteAffinityStore(config, maxEntries: 100_000, _time, NullLogger<SqliteAffinityStore>.Instance);
        await store.StartAsync(new RecordingWatcher(), Token);
        var writes = Enumerable.Range(0, 5000).Select(i => store.TryAssignAsync(new AffinityKey("pool", $"{i}"), Entry("mta1"), Token).AsTask()).ToArray();
        await Record.ExceptionAsync(() => Task.WhenAll(writes));

        var failed = writes.Where(static write => write.IsFaulted).ToArray();
        Assert.NotEmpty(failed);
        Assert.All(failed, static write => Assert.Contains("Too many", write.Exception!.InnerException!.Message, StringComparison.Ordinal));
        Assert.Equal(writes.Length - failed.Length, await store.CountAsync("pool", Token));
    }

    [Fact]
    public async Task StartAsync_NoDatabaseInTheFile_SaysSo()
    {
        var path = Path.Combine(_directory, "corrupt.db");
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("this is no database ", 500)), Token);

        var exception = await Assert.ThrowsAsync<AffinityStoreException>(() => StartedAsync(path));

        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains("damaged", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_DamagedPages_SaysSo()
    {
        var path = Path.Combine(_directory, "damaged.db");
        await using (var store = await StartedAsync(path))
        {
            await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => store.TryAssignAsync(new AffinityKey("pool", $"{i}"), Entry("mta1"), Token).AsTask()));
        }

        await using (var file = File.OpenWrite(path))
        {
            file.Seek(4096, SeekOrigin.Begin);
            await file.WriteAsync(new byte[16384], Token);
        }

        var exception = await Assert.ThrowsAsync<AffinityStoreException>(() => StartedAsync(path));

        Assert.Contains("damaged", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_LockedByAnother_SaysSo()
    {
        var path = Path.Combine(_directory, "locked.db");
        await using var other = new SqliteConnection($"Data Source={path};Pooling=False");
        await other.OpenAsync(Token);
        await using var command = other.CreateCommand();
        command.CommandText = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE x (y);";
        await command.ExecuteNonQueryAsync(Token);

        var exception = await Assert.ThrowsAsync<AffinityStoreException>(() => StartedAsync(path));

        Assert.Contains("locked by another process", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_NewerVersion_Refused()
    {
        var path = Path.Combine(_directory, "newer.db");
        await using (var other = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            await other.OpenAsync(Token);
            await using var command = other.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            await command.ExecuteNonQueryAsync(Token);
        }

        var exception = await Assert.ThrowsAsync<AffinityStoreException>(() => StartedAsync(path));

        Assert.Contains("version 99", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collect_LapsedAndSurplusRows_Deleted()
    {
        var path = Path.Combine(_directory, "collect.db");
        await using var store = await StartedAsync(path, maxEntries: 5);
        for (var i = 0; i < 10; i++)
        {
            await store.PutAsync(new AffinityKey("pool", $"{i}"), Entry("mta1") with { ExpiresAt = _time.GetUtcNow().AddMinutes(i) }, Token);
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        await Eventually.HoldsAsync(() => Rows(path) == 5, "five rows are left", cancellationToken: Token);

        Assert.Null(await store.GetAsync(new AffinityKey("pool", "4"), Token));
        Assert.NotNull(await store.GetAsync(new AffinityKey("pool", "5"), Token));
    }

    protected override async ValueTask<IAffinityStore> OpenAsync() => await Task.FromResult(Create(Path.Combine(_directory, "contract.db")));

    protected override ValueTask CloseAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static long Rows(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False;Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM affinity";
        return (long)command.ExecuteScalar()!;
    }

    private SqliteAffinityStore Create(string path, int maxEntries = 10_000) =>
        new(new SqliteConfig { Path = path }, maxEntries, _time, NullLogger<SqliteAffinityStore>.Instance);

    private async Task<SqliteAffinityStore> StartedAsync(string path, int maxEntries = 10_000)
    {
        var store = Create(path, maxEntries);
        try
        {
            await store.StartAsync(new RecordingWatcher(), Token);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }
}
