using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.FunctionalTests;

public class ChildProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Terminate_ProgramThatListens_EndsByItself()
    {
        await using var child = ChildProcess.Start("/bin/sh", "-c", "trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done");
        await Poll.UntilAsync(() => child.Lines.Contains("up"), Patience, "the first line", Cancellation);

        child.Terminate();

        Assert.True(await child.HasExitedAsync(Patience, Cancellation));
        Assert.Equal(7, child.ExitCode);
        Assert.Equal(["up", "bye"], child.Lines);
    }

    [Fact]
    public async Task Dispose_ProgramHasLeftAChild_EndsItToo()
    {
        int left;
        await using (var child = ChildProcess.Start("/bin/sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!"))
        {
            await Poll.UntilAsync(() => child.Lines.Count == 1, Patience, "the id of the child", Cancellation);
            left = int.Parse(child.Lines[0], null);
            Assert.True(IsRunning(left));
        }

        await Poll.UntilAsync(() => !IsRunning(left), Patience, "the end of the child", Cancellation);
    }

    [Fact]
    public async Task HasExited_ProgramRuns_IsFalseAfterTheTime()
    {
        await using var child = ChildProcess.Start("/bin/sh", "-c", "sleep 1000");

        Assert.False(await child.HasExitedAsync(TimeSpan.FromMilliseconds(50), Cancellation));
        Assert.Null(child.ExitCode);
    }

    [Fact]
    public async Task Run_ProgramFails_ThrowsWithItsOutput()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ChildProcess.RunAsync("/bin/sh", ["-c", "echo why >&2; exit 3"], Cancellation));

        Assert.Equal("/bin/sh ended with 3: why", failure.Message);
    }

    // A process that has ended stays listed until its parent has asked for its result.
    private static bool IsRunning(int id)
    {
        var status = $"/proc/{id}/stat";
        return File.Exists(status) && !File.ReadAllText(status).Contains(") Z ", StringComparison.Ordinal);
    }
}
