namespace SmtpProxy.Infrastructure;

/// <summary>What tells one state of a file from another. Looks at the file that opening finds, so that a link put elsewhere is a change too.</summary>
/// <param name="ModifiedAt">Time of the last write.</param>
/// <param name="Length">Length in octets.</param>
internal readonly record struct FileStamp(DateTime ModifiedAt, long Length)
{
    /// <summary>The state of the file now.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static FileStamp Of(string path)
    {
        using var handle = File.OpenHandle(path);
        return new FileStamp(File.GetLastWriteTimeUtc(handle), RandomAccess.GetLength(handle));
    }
}
