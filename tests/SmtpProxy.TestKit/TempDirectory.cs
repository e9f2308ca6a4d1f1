namespace SmtpProxy.TestKit;

/// <summary>A scratch directory that is removed with all it holds.</summary>
public sealed class TempDirectory : IDisposable
{
    /// <summary>Creates the directory under the system's temporary one.</summary>
    public TempDirectory(string prefix = "smtpproxy-test-")
    {
        Root = Directory.CreateTempSubdirectory(prefix).FullName;

        // Programs that drop their privileges must be able to walk through it.
        SetMode(Root, Readable);
    }

    /// <summary>The directory.</summary>
    public string Root { get; }

    private static UnixFileMode Readable =>
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute |
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>A path inside the directory.</summary>
    public string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>Writes a file, and the directories to it; returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Creates a directory in which every user may create files.</summary>
    public void CreateOpenDirectory(string name) =>
        SetMode(Directory.CreateDirectory(PathOf(name)).FullName, Readable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // A program that is just ending changes files under our hands. What is left, the system cleans away.
        }
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
