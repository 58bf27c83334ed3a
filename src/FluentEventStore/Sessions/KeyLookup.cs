using FluentEventStore.Aggregates;
using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

/// <summary>Finds a stream by the natural key of its aggregate, and fetches it.</summary>
internal sealed class KeyLookup
{
    private readonly StoreReading _reading;
    private readonly TenantId _tenantId;
    private readonly string _name;

    private KeyLookup(StoreReading reading, TenantId tenantId, string aggregate, string value)
    {
        (_reading, _tenantId) = (reading, tenantId);
        (Aggregate, _name, Value) = (aggregate, ReservationNames.OfAggregate(aggregate), value);
    }

    /// <summary>The stored name of the aggregate.</summary>
    public string Aggregate { get; }

    /// <summary>The key as it is stored.</summary>
    public string Value { get; }

    /// <exception cref="ArgumentException">
    /// The type is no aggregate, has no natural key of the type, or none can have this value.
    /// </exception>
    public static KeyLookup Of<T, TKey>(StoreReading reading, TenantId tenantId, TKey key)
        where T : class
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        var type = AggregateCatalog.KeyOf<T, TKey>();
        var value = type.TextOf(key);
        return ReservationNames.FindFault(value) is { } fault
            ? throw new ArgumentException(fault, nameof(key))
            : new KeyLookup(reading, tenantId, type.Aggregate, value);
    }

    /// <summary>
    /// Fetches from the stream that has the key, in two round trips. If the stream got further events between them, looks whether the key
    /// is still its own.
    /// </summary>
    /// <param name="fetch">Fetches from the stream, and says which version it saw.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns><see langword="null"/> if no stream has the key.</returns>
    public async Task<TResult?> FetchAsync<TResult>(
        Func<StreamId, CancellationToken, Task<(TResult? Result, long Version)>> fetch, CancellationToken cancellationToken)
        where TResult : class
    {
        var holder = await FindAsync(cancellationToken).ConfigureAwait(false);
        while (holder is { } found)
        {
            var (result, version) = await fetch(found.StreamId, cancellationToken).ConfigureAwait(false);
            if (version == found.Version)
                return result;

            holder = await FindAsync(cancellationToken).ConfigureAwait(false);
            if (holder?.StreamId == found.StreamId)
                return result;
        }

        return null;
    }

    private Task<HoldingStream?> FindAsync(CancellationToken cancellationToken) =>
        _reading.Reservations.FindAsync(_tenantId, _name, Value, cancellationToken);
}
