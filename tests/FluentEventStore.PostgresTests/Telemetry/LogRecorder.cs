using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.PostgresTests.Telemetry;

/// <summary>Keeps what a store logs.</summary>
internal sealed class LogRecorder : ILoggerFactory
{
    private readonly ConcurrentQueue<Logged> _all = new();

    public IReadOnlyList<Logged> All => [.. _all];

    public IReadOnlyList<Logged> Of(int eventId) => [.. _all.Where(one => one.EventId == eventId)];

    public ILogger CreateLogger(string categoryName) => new Recording(categoryName, _all);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    public sealed record Logged(
        string Category, int EventId, LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Values, Exception? Exception);

    private sealed class Recording(string category, ConcurrentQueue<Logged> all) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary(StringComparer.Ordinal);
            all.Enqueue(new Logged(category, eventId.Id, logLevel, formatter(state, exception), values, exception));
        }
    }
}
