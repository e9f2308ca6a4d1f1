using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>The statements of the store on one connection. What has more than one statement runs in the writer's transaction.</summary>
internal static class SqliteAffinityRows
{
    private const string Columns = "destination, reason, assigned_at, expires_at, generation, avoided, avoided_until, fixed";

    // Statements are prepared once per connection: parsing SQL would cost more than running it.
    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, SqliteCommand>> Prepared = [];

    public static AffinityEntry? Find(SqliteConnection connection, AffinityKey key, long now)
    {
        const string Sql = $"SELECT {Columns} FROM affinity WHERE cluster = $0 AND key = $1 AND expires_at > $2";
        var command = Command(connection, Sql, key.Cluster, key.Key, now);
        using var reader = command.ExecuteReader();
        return reader.Read() ? Read(reader, 0) : null;
    }

    public static AffinityEntry Write(SqliteConnection connection, AffinityKey key, AffinityEntry entry)
    {
        var generation = (long)Command(connection, "UPDATE sequence SET value = value + 1 RETURNING value").ExecuteScalar()!;
        Command(
            connection,
            $"INSERT OR REPLACE INTO affinity (cluster, key, {Columns}) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)",
            key.Cluster,
            key.Key,
            entry.Destination,
            (int)entry.Reason,
            entry.AssignedAt.ToUnixTimeMilliseconds(),
            entry.ExpiresAt.ToUnixTimeMilliseconds(),
            generation,
            entry.AvoidedDestination,
            entry.AvoidedUntil?.ToUnixTimeMilliseconds(),
            entry.IsFixed ? 1 : 0).ExecuteNonQuery();
        return entry with { Generation = generation };
    }

    public static void Extend(SqliteConnection connection, AffinityKey key, DateTimeOffset expiresAt)
    {
        const string Sql = "UPDATE affinity SET expires_at = $2 WHERE cluster = $0 AND key = $1";
        Command(connection, Sql, key.Cluster, key.Key, expiresAt.ToUnixTimeMilliseconds()).ExecuteNonQuery();
    }

    public static void Remove(SqliteConnection connection, AffinityKey key) =>
        Command(connection, "DELETE FROM affinity WHERE cluster = $0 AND key = $1", key.Cluster, key.Key).ExecuteNonQuery();

    public static List<string> RemoveAll(SqliteConnection connection, string cluster, string? destination, long now)
    {
        var command = Command(
            connection,
            "DELETE FROM affinity WHERE cluster = $0 AND ($1 IS NULL OR destination = $1) RETURNING key, expires_at > $2",
            cluster,
            destination,
            now);
        using var reader = command.ExecuteReader();
        var live = new List<string>();
        while (reader.Read())
        {
            if (reader.GetBoolean(1))
            {
                live.Add(reader.GetString(0));
            }
        }

        return live;
    }

    public static long Count(SqliteConnection connection, string cluster, long now) =>
        (long)Command(connection, "SELECT count(*) FROM affinity WHERE cluster = $0 AND expires_at > $1", cluster, now).ExecuteScalar()!;

    /// <summary>One page of a cluster in the order of its keys, from behind <paramref name="after"/>.</summary>
    public static List<KeyValuePair<AffinityKey, AffinityEntry>> Page(SqliteConnection connection, string cluster, string after, long now, int limit)
    {
        var command = Command(
            connection,
            $"SELECT key, {Columns} FROM affinity WHERE cluster = $0 AND key > $1 AND expires_at > $2 ORDER BY key LIMIT $3",
            cluster,
            after,
            now,
            limit);
        using var reader = command.ExecuteReader();
        var page = new List<KeyValuePair<AffinityKey, AffinityEntry>>();
        while (reader.Read())
        {
            page.Add(KeyValuePair.Create(new AffinityKey(cluster, reader.GetString(0)), Read(reader, 1)));
        }

        return page;
    }

    /// <summary>Deletes what has lapsed and, beyond <paramref name="maxEntries"/>, what would lapse next; at most
    /// <paramref name="limit"/> rows of each.</summary>
    public static int Collect(SqliteConnection connection, long now, int maxEntries, int limit)
    {
        const string Lapsed = "SELECT cluster, key FROM affinity WHERE expires_at <= $0 LIMIT $1";
        const string Surplus =
            "SELECT cluster, key FROM affinity ORDER BY expires_at LIMIT max(0, min($1, (SELECT count(*) FROM affinity) - $0))";
        const string Delete = "DELETE FROM affinity WHERE (cluster, key) IN ";
        return Command(connection, $"{Delete}({Lapsed})", now, limit).ExecuteNonQuery()
            + Command(connection, $"{Delete}({Surplus})", maxEntries, limit).ExecuteNonQuery();
    }

    private static AffinityEntry Read(SqliteDataReader reader, int first) => new(
        reader.GetString(first),
        (AffinityReason)reader.GetByte(first + 1),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(first + 2)),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(first + 3)),
        reader.GetInt64(first + 4),
        reader.IsDBNull(first + 5) ? null : reader.GetString(first + 5),
        reader.IsDBNull(first + 6) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(first + 6)),
        reader.GetBoolean(first + 7));

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var commands = Prepared.GetOrCreateValue(connection);
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter($"${i}", value: null));
            }

            commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
