using SmtpProxy.Accounting;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Accounting;

public sealed class SessionAccountantTests
{
    [Fact]
    public void Close_ObserverThrows_TellsTheOthersAndLogsOnce()
    {
        var logger = new ListLogger<SessionAccountant>();
        var observer = new Observer();
        var accountant = new SessionAccountant([new FaultyObserver(), observer], logger);

        accountant.Open("mx");
        accountant.Authenticated("mx", AuthResult.Rejected);
        accountant.Close("mx", SessionEnd.Quit, 10, 20);

        Assert.Equal(["open mx", "login mx Rejected", "close mx Quit 10 20"], observer.Calls);
        Assert.Equal([1901], logger.Events.Select(static e => e.Id));
    }

    [Fact]
    public void Close_Observers_AreToldWithoutAnAllocation()
    {
        var accountant = new SessionAccountant([new SilentObserver(), new SilentObserver()], new ListLogger<SessionAccountant>());
        Session();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Session();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Session()
        {
            accountant.Open("mx");
            accountant.Authenticated("mx", AuthResult.Accepted);
            accountant.Close("mx", SessionEnd.Quit, 10, 20);
        }
    }

    private sealed class Observer : ISessionObserver
    {
        public List<string> Calls { get; } = [];

        public void OnOpened(string listener) => Calls.Add($"open {listener}");

        public void OnAuthenticated(string listener, AuthResult result) => Calls.Add($"login {listener} {result}");

        public void OnClosed(string listener, SessionEnd reason, long received, long sent) =>
            Calls.Add($"close {listener} {reason} {received} {sent}");
    }

    private sealed class SilentObserver : ISessionObserver
    {
        public void OnOpened(string listener)
        {
        }

        public void OnClosed(string listener, SessionEnd reason, long received, long sent)
        {
        }
    }

    private sealed class FaultyObserver : ISessionObserver
    {
        public void OnOpened(string listener) => throw new InvalidOperationException();

        public void OnClosed(string listener, SessionEnd reason, long received, long sent) => throw new InvalidOperationException();
    }
}
