using System.Collections.Concurrent;
using System.Diagnostics;
using Bank.Mailing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace FluentEventStore.SampleTests.Bank;

/// <summary>
/// The sample on Kestrel and a server of its own, with what an application adds to see what it does. What is measured is that of the whole
/// process, so classes with one are in one collection and run one after the other.
/// </summary>
public sealed class WatchedBank : WebApplicationFactory<Program>, IAsyncLifetime
{
    /// <summary>What the connection string holds and nobody may see.</summary>
    public const string Secret = "an application whose name is as secret as a password";

    private readonly SpanList _spans = new();
    private readonly List<MetricSnapshot> _metrics = [];
    private LocalPostgres? _server;

    /// <summary>Works for the branch in the north.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>The mails that were sent.</summary>
    public ConcurrentQueue<string> Mails { get; } = [];

    /// <summary>All that was logged, at any level.</summary>
    public ConcurrentQueue<string> Messages { get; } = [];

    public async ValueTask InitializeAsync()
    {
        _server = await LocalPostgres.StartAsync();
        UseKestrel(0);
        Http = CreateClient();
        Http.DefaultRequestHeaders.Add("X-Tenant", "north");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>The spans that have ended.</summary>
    public IReadOnlyList<Activity> Spans()
    {
        Services.GetRequiredService<TracerProvider>().ForceFlush().ShouldBeTrue();
        return [.. _spans.Ended];
    }

    /// <summary>What was measured since the start, of all sets of tags; of a histogram its sum.</summary>
    public double Measured(string name)
    {
        _metrics.Clear();
        Services.GetRequiredService<MeterProvider>().ForceFlush().ShouldBeTrue();
        return _metrics.Where(metric => metric.Name == name)
            .SelectMany(static metric => metric.MetricPoints.Select(point => metric.MetricType switch
            {
                MetricType.Histogram => point.GetHistogramSum(),
                MetricType.LongSum => point.GetSumLong(),
                _ => throw new InvalidOperationException($"{metric.Name} is a {metric.MetricType}."),
            }))
            .Sum();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .UseSetting("ConnectionStrings:Bank", $"{_server!.ConnectionString};Application Name={Secret}")
        .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Listener(Messages)))
        .ConfigureServices(services => services.AddSingleton<IMail>(new Outbox(Mails)).AddOpenTelemetry()
            .WithTracing(tracing => tracing
                .AddSource("Microsoft.AspNetCore")
                .AddSource(EventStoreTelemetry.Name)
                .AddSource("Npgsql")
                .AddInMemoryExporter(_spans))
            .WithMetrics(metrics => metrics
                .AddMeter(EventStoreTelemetry.Name)
                .AddMeter("Npgsql")
                .AddInMemoryExporter(_metrics)));

    /// <summary>Spans end on any thread while others are read.</summary>
    private sealed class SpanList : ICollection<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = [];

        public int Count => Ended.Count;

        public bool IsReadOnly => false;

        public void Add(Activity item) => Ended.Enqueue(item);

        public void Clear() => Ended.Clear();

        public bool Contains(Activity item) => Ended.Contains(item);

        public void CopyTo(Activity[] array, int arrayIndex) => Ended.CopyTo(array, arrayIndex);

        public bool Remove(Activity item) => throw new NotSupportedException();

        public IEnumerator<Activity> GetEnumerator() => Ended.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class Outbox(ConcurrentQueue<string> mails) : IMail
    {
        public Task SendAsync(Guid id, string address, string text, CancellationToken cancellationToken)
        {
            mails.Enqueue($"{address}: {text}");
            return Task.CompletedTask;
        }
    }

    private sealed class Listener(ConcurrentQueue<string> messages) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            messages.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
