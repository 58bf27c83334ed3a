using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>
/// A process that carries subscriptions until its input ends, and says what it does: each line is a word, and what belongs to it.
/// </summary>
internal static class WorkerProgram
{
    /// <summary>The argument that asks for it.</summary>
    public const string Word = "worker";

    /// <summary>It carries what there is to carry.</summary>
    public const string Ready = "ready";

    /// <summary>It has an effect outside: subscription, stream, number, fencing token.</summary>
    public const string Effect = "effect";

    /// <summary>It logs something: the number of the message, and its text.</summary>
    public const string Logged = "log";

    /// <summary>The subscription whose events it pulls.</summary>
    public const string Pulled = "pulled";

    private const int Consumers = 3;

    public static async Task<int> RunAsync(string connectionString, string schema)
    {
        using var log = new SayingLog();
        await using var store = EventStore.For(options =>
        {
            options.Connection(connectionString);
            options.Schema = schema;
            options.LoggerFactory = log;
            Copying.Declare(options.Subscriptions, SayEffect);
        });
        await using var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await InsistAsync(async () =>
        {
            await daemon.StartAsync();
            return true;
        });
        await using var pulled = await InsistAsync(() => store.Subscriptions.OpenAsync(
            Pulled,
            new SubscriptionOptions { Filter = new EventFilter().OfStreams(Copying.Sources), Concurrency = 3, CheckpointAfterCount = 5 }));
        Say(Ready);
        using var ending = new CancellationTokenSource();
        var pulling = Task.WhenAll(Enumerable.Range(0, Consumers).Select(_ => PullAsync(pulled, ending.Token)));
        await Console.In.ReadToEndAsync();
        await ending.CancelAsync();
        await pulling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    private static async Task PullAsync(ISubscription pulled, CancellationToken cancellationToken)
    {
        await foreach (var delivery in pulled.ReadAsync(cancellationToken))
        {
            SayEffect(Pulled, delivery.Event.StreamId.Value, Copying.NumberOf(delivery.Event), delivery.FencingToken);

            // The answer is written together with others: nobody waits for it here.
            _ = delivery.AckAsync(CancellationToken.None).ContinueWith(static done => done.Exception, TaskScheduler.Default);
        }
    }

    // The server may be away when the process starts.
    private static async Task<T> InsistAsync<T>(Func<Task<T>> attempt)
    {
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (Exception passing) when (passing is NpgsqlException or DatabaseUnavailableException)
            {
                await Task.Delay(50);
            }
        }
    }

    private static void SayEffect(string subscription, string stream, int number, long token) =>
        Say(string.Create(CultureInfo.InvariantCulture, $"{Effect} {subscription} {stream} {number} {token}"));

    private static void Say(string line) => Console.WriteLine(line);

    private sealed class SayingLog : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;

            var text = $"{formatter(state, exception)} {exception?.GetType().Name} {exception?.Message}".ReplaceLineEndings(" ");
            Say(string.Create(CultureInfo.InvariantCulture, $"{Logged} {eventId.Id} {text}"));
        }

        public void Dispose()
        {
        }
    }
}
