using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SmtpProxy.Fuzz.Sessions;

/// <summary>Keeps what is logged at error level, and what has an exception in it.</summary>
internal sealed class ErrorLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _errors = new();

    public string? Take() => _errors.TryDequeue(out var error) ? error : null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error || exception is not null)
        {
            _errors.Enqueue($"{logLevel} {eventId}: {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
