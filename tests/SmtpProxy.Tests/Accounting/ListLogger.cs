using Microsoft.Extensions.Logging;

namespace SmtpProxy.Tests.Accounting;

/// <summary>Keeps the events it gets.</summary>
internal sealed class ListLogger<T> : ILogger<T>
{
    private readonly Lock _lock = new();
    private readonly List<EventId> _events = [];
    private readonly List<string> _lines = [];

    public IReadOnlyList<EventId> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lock)
        {
            _events.Add(eventId);
            _lines.Add(formatter(state, exception));
        }
    }
}
