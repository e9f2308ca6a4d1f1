using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SmtpProxy.Fuzz.Sessions;

/// <summary>Keeps what is logged at error level, and what the proxy logs with an exception. Kestrel tells its debug level of every connection
/// that ends while it reads.</summary>
internal sealed class ErrorLog : ILoggerFactory
{
    private readonly ConcurrentQueue<string> _errors = new();

    public string? Take() => _errors.TryDequeue(out var error) ? error : null;

    public ILogger CreateLogger(string categoryName) => new Category(_errors, categoryName.StartsWith("SmtpProxy", StringComparison.Ordinal));

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Category(ConcurrentQueue<string> errors, bool isOwn) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error || (isOwn && exception is not null))
            {
                errors.Enqueue($"{logLevel} {eventId}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
