using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Configuration;
using Xunit;

namespace SmtpProxy.Tests.Configuration;

public sealed class ConfigWatcherTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly ConfigSample _sample = new();
    private readonly FakeTimeProvider _time = new();
    private int _changes;

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Poll_ContentChanged_ReportsOnce()
    {
        var path = _sample.Write("smtpproxy.json", "one");
        using var watcher = Start(path, _time);

        _time.Advance(watcher.PollInterval);
        Assert.Equal(0, _changes);
        _sample.Write("smtpproxy.json", "two");
        _time.Advance(watcher.PollInterval);
        _time.Advance(watcher.PollInterval);

        Assert.Equal(1, _changes);
    }

    [Fact]
    public void Poll_FileAwayAndBackAsItWas_ReportsNothing()
    {
        var path = _sample.Write("smtpproxy.json", "one");
        using var watcher = Start(path, _time);

        File.Delete(path);
        _time.Advance(watcher.PollInterval);
        _sample.Write("smtpproxy.json", "one");
        _time.Advance(watcher.PollInterval);

        Assert.Equal(0, _changes);
    }

    [Fact]
    public void Poll_AfterDispose_ReportsNothing()
    {
        var path = _sample.Write("smtpproxy.json", "one");
        var watcher = Start(path, _time);
        watcher.Dispose();

        _sample.Write("smtpproxy.json", "two");
        _time.Advance(watcher.PollInterval);

        Assert.Equal(0, _changes);
    }

    [Fact]
    public void Start_DirectoryMissing_PollsUntilTheFileIsThere()
    {
        var path = Path.Combine(_sample.Folder, "later", "smtpproxy.json");
        using var watcher = Start(path, _time);

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "one");
        _time.Advance(watcher.PollInterval);

        Assert.Equal(1, _changes);
    }

    [Fact]
    public Task Event_FileWritten_IsReportedWithoutPollAsync() => AssertEventAsync(
        _sample.Write("smtpproxy.json", "one"), () => _sample.Write("smtpproxy.json", "two"));

    [Fact]
    public Task Event_FileReplacedByRename_IsReportedWithoutPollAsync() => AssertEventAsync(
        _sample.Write("smtpproxy.json", "one"),
        () => File.Move(_sample.Write("smtpproxy.json.new", "two"), Path.Combine(_sample.Folder, "smtpproxy.json"), overwrite: true));

    [Fact]
    public Task Event_LinkSwappedAsInAConfigMap_IsReportedWithoutPollAsync()
    {
        foreach (var (version, content) in new[] { ("..1", "one"), ("..2", "two") })
        {
            Directory.CreateDirectory(Path.Combine(_sample.Folder, version));
            _sample.Write(Path.Combine(version, "smtpproxy.json"), content);
        }

        Directory.CreateSymbolicLink(Path.Combine(_sample.Folder, "..data"), "..1");
        var path = Path.Combine(_sample.Folder, "smtpproxy.json");
        File.CreateSymbolicLink(path, Path.Combine("..data", "smtpproxy.json"));

        return AssertEventAsync(path, () =>
        {
            var next = Path.Combine(_sample.Folder, "..data_tmp");
            Directory.CreateSymbolicLink(next, "..2");
            // The platform's Move refuses to replace a link to a directory; deleting and renaming gives the same last event.
            File.Delete(Path.Combine(_sample.Folder, "..data"));
            Directory.Move(next, Path.Combine(_sample.Folder, "..data"));
        });
    }

    private ConfigWatcher Start(string path, TimeProvider time)
    {
        var watcher = new ConfigWatcher(path, () => _changes++, time);
        watcher.Start();
        return watcher;
    }

    private static async Task AssertEventAsync(string path, Action change)
    {
        var cancel = TestContext.Current.CancellationToken;
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new ConfigWatcher(path, () => changed.TrySetResult(), TimeProvider.System)
        {
            Quiet = TimeSpan.FromMilliseconds(20),
            PollInterval = TimeSpan.FromHours(1),
        };
        watcher.Start();

        change();

        await changed.Task.WaitAsync(Deadline, TimeProvider.System, cancel);
        Assert.Equal("two", await File.ReadAllTextAsync(path, cancel));
    }
}
