using Microsoft.Data.Sqlite;

namespace SmtpProxy.Affinity;

/// <summary>Creates the tables of the store and refuses files that are not its own.</summary>
internal static class SqliteSchema
{
    /// <summary>Version of the tables, kept in the file as <c>user_version</c>.</summary>
    public const int Version = 1;

    private const string Create = """
        CREATE TABLE affinity (
            cluster TEXT NOT NULL, key TEXT NOT NULL, destination TEXT NOT NULL COLLATE NOCASE, reason INTEGER NOT NULL,
            assigned_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, generation INTEGER NOT NULL,
            avoided TEXT, avoided_until INTEGER, fixed INTEGER NOT NULL,
            PRIMARY KEY (cluster, key)) WITHOUT ROWID;
        CREATE INDEX affinity_expiry ON affinity (expires_at);
        CREATE TABLE sequence (value INTEGER NOT NULL);
        INSERT INTO sequence (value) VALUES (0);
        PRAGMA user_version = 1;
        """;

    /// <summary>Opens a connection to the file, creating it if it is missing.</summary>
    public static SqliteConnection Open(string path, TimeSpan busyTimeout)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = Math.Max(1, (int)Math.Ceiling(busyTimeout.TotalSeconds)),
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes the file ready for use, or says why it cannot be used.</summary>
    public static void Prepare(SqliteConnection connection)
    {
        if (Scalar(connection, "PRAGMA quick_check(1)") as string is var verdict && verdict != "ok")
        {
            throw new AffinityStoreException($"it is damaged ({verdict})");
        }

        using var transaction = connection.BeginTransaction(deferred: false);
        switch (Convert.ToInt64(Scalar(connection, "PRAGMA user_version"), provider: null))
        {
            case Version:
                break;
            case 0 when Convert.ToInt64(Scalar(connection, "SELECT count(*) FROM sqlite_master"), provider: null) == 0:
                Execute(connection, Create);
                break;
            case > Version and var found:
                throw new AffinityStoreException($"it has version {found}, written by a newer program; this one knows {Version}");
            default:
                throw new AffinityStoreException("it is a database of something else");
        }

        transaction.Commit();
    }

    /// <summary>What is wrong with the file, in words for an operator.</summary>
    public static string Explain(SqliteException exception) => exception.SqliteErrorCode switch
    {
        5 or 6 => "it is locked by another process",
        8 => "it cannot be written",
        11 or 26 => "it is damaged or no SQLite database",
        13 => "the disk is full",
        14 => "it cannot be opened; does its directory exist and may it be written?",
        _ => exception.Message,
    };

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
