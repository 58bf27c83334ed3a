using System.Diagnostics.Metrics;

namespace FluentEventStore.Telemetry;

/// <summary>The stores that observed instruments ask. A store that nobody holds any more is not kept.</summary>
internal static class OpenStores
{
    private static readonly Lock Gate = new();
    private static readonly List<WeakReference<StoreTelemetry>> Stores = [];

    public static void Add(StoreTelemetry store)
    {
        lock (Gate)
        {
            Stores.RemoveAll(static kept => !kept.TryGetTarget(out _));
            Stores.Add(new WeakReference<StoreTelemetry>(store));
        }
    }

    public static void Remove(StoreTelemetry store)
    {
        lock (Gate)
            Stores.RemoveAll(kept => !kept.TryGetTarget(out var other) || other == store);
    }

    /// <summary>One measurement for each schema: a process may have several stores, and databases of tenants, that share a name.</summary>
    public static IEnumerable<Measurement<T>> Measure<T>(Func<StoreTelemetry, T?> read, Func<T, T, T> combine)
        where T : struct
    {
        // Not under the lock: a store reads what it tells under locks of its own.
        Dictionary<string, T> bySchema = new(StringComparer.Ordinal);
        foreach (var store in ListOpen())
        {
            if (read(store) is { } value)
                bySchema[store.Schema] = bySchema.TryGetValue(store.Schema, out var other) ? combine(other, value) : value;
        }

        return bySchema.Select(static one =>
            new Measurement<T>(one.Value, KeyValuePair.Create<string, object?>(EventStoreTelemetry.SchemaTag, one.Key)));
    }

    /// <summary>One measurement for each subscription of a schema, whose stores may be databases of tenants.</summary>
    public static IEnumerable<Measurement<T>> MeasureSubscriptions<T>(Func<SubscriptionLag, T> read, Func<T, T, T> combine)
        where T : struct
    {
        Dictionary<(string Schema, string Subscription), T> all = [];
        foreach (var store in ListOpen())
        {
            foreach (var lag in store.LagOfSubscriptions)
            {
                var key = (store.Schema, lag.Subscription);
                all[key] = all.TryGetValue(key, out var other) ? combine(other, read(lag)) : read(lag);
            }
        }

        return all.Select(static one => new Measurement<T>(
            one.Value,
            KeyValuePair.Create<string, object?>(EventStoreTelemetry.SchemaTag, one.Key.Schema),
            KeyValuePair.Create<string, object?>(EventStoreTelemetry.SubscriptionTag, one.Key.Subscription)));
    }

    private static StoreTelemetry[] ListOpen()
    {
        lock (Gate)
            return [.. Stores.Select(static kept => kept.TryGetTarget(out var store) ? store : null).OfType<StoreTelemetry>()];
    }
}
