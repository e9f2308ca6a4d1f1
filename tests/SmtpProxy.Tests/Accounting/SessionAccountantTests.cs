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
        accountant.Close("mx", SessionEnd.Quit, 10, 20);

        Assert.Equal(["open mx", "close mx Quit 10 20"], observer.Calls);
        Assert.Equal([1901], logger.Events.Select(static e => e.Id));
    }

    private sealed class Observer : ISessionObserver
    {
        public List<string> Calls { get; } = [];

        public void OnOpened(string listener) => Calls.Add($"open {listener}");

        public void OnClosed(string listener, SessionEnd reason, long received, long sent) =>
            Calls.Add($"close {listener} {reason} {received} {sent}");
    }

    private sealed class FaultyObserver : ISessionObserver
    {
        public void OnOpened(string listener) => throw new InvalidOperationException();

        public void OnClosed(string listener, SessionEnd reason, long received, long sent) => throw new InvalidOperationException();
    }
}
