using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FluentEventStore.Telemetry;

/// <summary>What one database of a store tells of itself: spans, measurements and log messages.</summary>
internal sealed class StoreTelemetry(string schema, ILoggerFactory loggers) : IDisposable
{
    private Place? _place;

    /// <summary>Tells nobody anything but spans and measurements of no schema.</summary>
    public static StoreTelemetry Unnamed { get; } = new("", NullLoggerFactory.Instance);

    public string Schema { get; } = schema;

    public StoreLoggers Loggers { get; } = new(loggers);

    /// <summary>Where the connections lead; <see langword="null"/> as long as it is not known.</summary>
    public Func<DatabaseAddress?> Address { get; init; } = static () => null;

    /// <summary>Says what the lanes have to do.</summary>
    public Func<LaneLoad>? Lanes { get; private set; }

    /// <summary>How far readers are behind; <see langword="null"/> if nobody looked lately.</summary>
    public LogLag? LagOfLog => Log?.Invoke();

    /// <summary>How far subscriptions are behind; empty if nobody looked lately.</summary>
    public IReadOnlyList<SubscriptionLag> LagOfSubscriptions => Subscriptions?.Invoke() ?? [];

    /// <summary>Says how far subscriptions were behind when somebody looked; nothing of long ago.</summary>
    public Func<IReadOnlyList<SubscriptionLag>>? Subscriptions { get; set; }

    /// <summary>What waited to be sent when somebody looked; <see langword="null"/> if nobody did lately.</summary>
    public MessageLag? LagOfMessages => Messages?.Invoke();

    /// <summary>Says what waited to be sent when somebody looked; nothing of long ago.</summary>
    public Func<MessageLag?>? Messages { get; set; }

    private Func<LogLag?>? Log { get; set; }

    public KeyValuePair<string, object?> SchemaTag { get; } = new(EventStoreTelemetry.SchemaTag, schema);

    /// <summary>Lets observed instruments ask from now on.</summary>
    /// <param name="lanes">Says what the lanes have to do.</param>
    /// <param name="log">Says how far readers are behind.</param>
    public void Open(Func<LaneLoad> lanes, Func<LogLag?> log)
    {
        (Lanes, Log) = (lanes, log);
        OpenStores.Add(this);
    }

    /// <summary>Instruments do not ask any more.</summary>
    public void Dispose() => OpenStores.Remove(this);

    /// <summary>Notes that a unit of work is sent again, or decided on again.</summary>
    /// <param name="errorType">Why.</param>
    /// <param name="units">How many units of work.</param>
    public void Retry(string errorType, int units = 1)
    {
        KeyValuePair<string, object?> why = new(EventStoreTelemetry.ErrorTypeTag, errorType);
        StoreMeter.Retries.Add(units, SchemaTag, why);
        StoreTracing.Current?.AddEvent(new ActivityEvent("retry", tags: [why]));
    }

    /// <summary>Begins to watch the saving of a unit of work.</summary>
    public SaveSpan StartSave(string tenant) => new(this, Start("save", tenant));

    /// <summary>Begins the span of a transaction that runs for the sessions of many callers, in the flow of none.</summary>
    /// <param name="saves">The spans of the units that it carries; <see langword="null"/> for a unit without one.</param>
    /// <param name="events">How many events they have.</param>
    /// <param name="streams">How many streams they have, each counted once for each unit.</param>
    public Activity? StartCommit(Activity?[] saves, int events, int streams)
    {
        const string operation = "commit";
        var place = FindPlace();
        var name = $"{operation} {place.Namespace}";
        var commit = saves is [{ } only]
            ? StoreTracing.StartWithin(only, name, place.Tags)
            : StoreTracing.StartTrace(name, place.Tags, saves.OfType<Activity>().Select(static save => new ActivityLink(save.Context)));
        if (commit is null)
            return null;

        Describe(commit, operation);
        commit.SetTag(EventStoreTelemetry.UnitsTag, saves.Length);
        commit.SetTag(EventStoreTelemetry.EventsTag, events);
        commit.SetTag(EventStoreTelemetry.StreamsTag, streams);
        if (saves.Length > 1)
        {
            commit.SetTag("db.operation.batch.size", saves.Length);
            foreach (var save in saves)
                save?.AddLink(new ActivityLink(commit.Context));
        }

        return commit;
    }

    /// <summary>Watches something that reads; does nothing but that if nobody wants to know.</summary>
    /// <param name="operation">What is done, as <c>fetch</c>.</param>
    /// <param name="tenant">Whose; <see langword="null"/> for all.</param>
    /// <param name="state">What <paramref name="read"/> is given.</param>
    /// <param name="read">Does it, and says what it found.</param>
    /// <param name="cancellationToken">Handed to <paramref name="read"/>.</param>
    public Task<T> ReadAsync<TState, T>(
        string operation,
        string? tenant,
        TState state,
        Func<TState, ReadSpan?, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken) =>
        StoreTracing.IsOn || StoreMeter.ReplayedEvents.Enabled
            ? WatchAsync(operation, tenant, state, read, cancellationToken)
            : read(state, null, cancellationToken);

    private async Task<T> WatchAsync<TState, T>(
        string operation,
        string? tenant,
        TState state,
        Func<TState, ReadSpan?, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        var span = Start(operation, tenant);
        var found = new ReadSpan();
        try
        {
            var result = await read(state, found, cancellationToken).ConfigureAwait(false);
            found.Tell(this, span);
            return result;
        }
        catch (Exception failure)
        {
            StoreTracing.Fail(span, failure);
            throw;
        }
        finally
        {
            StoreTracing.End(span);
        }
    }

    private Activity? Start(string operation, string? tenant)
    {
        if (!StoreTracing.IsOn)
            return null;

        var place = FindPlace();
        var span = StoreTracing.Start($"{operation} {place.Namespace}", place.Tags);
        if (span is not null)
            Describe(span, operation);

        if (tenant is not null)
            span?.SetTag(EventStoreTelemetry.TenantTag, tenant);

        return span;
    }

    private static void Describe(Activity span, string operation) => span.SetTag("db.operation.name", operation);

    private Place FindPlace()
    {
        var address = Address();
        var place = _place;
        return place is not null && place.Address == address ? place : _place = new Place(Schema, address);
    }

    /// <summary>What all spans of a schema say from their beginning, so that samplers see it.</summary>
    private sealed class Place(string schema, DatabaseAddress? address)
    {
        public DatabaseAddress? Address { get; } = address;

        public string Namespace { get; } = NameOf(schema, address);

        public KeyValuePair<string, object?>[] Tags { get; } =
        [
            new("db.system.name", "postgresql"),
            new("db.namespace", NameOf(schema, address)),
            .. address?.Tags ?? [],
            new(EventStoreTelemetry.SchemaTag, schema),
        ];

        private static string NameOf(string schema, DatabaseAddress? address) =>
            address?.Database is { } database ? $"{database}|{schema}" : schema;
    }
}
