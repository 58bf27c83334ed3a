using FluentEventStore.Events;
using FluentEventStore.Serialization;

namespace FluentEventStore.Aggregates;

/// <summary>The natural keys of all aggregates of the process.</summary>
internal sealed class NaturalKeys : INaturalKeys
{
    private NaturalKeys()
    {
    }

    public static NaturalKeys Instance { get; } = new();

    // An old shape is upcast only if its current one sets a key: upcasters may ask for more than is known before the unit is written.
    public bool MayBeSetBy(EventType type)
    {
        var keys = AggregateCatalog.Keys;
        return !keys.IsEmpty && keys.SetBy(type.Current.ClrType).Length > 0;
    }

    public IEnumerable<(string Name, string? Value)> Of(IEvent @event)
    {
        var opened = Open(@event);
        foreach (var key in AggregateCatalog.Keys.SetBy(opened.Data.GetType()))
        {
            if (TryGetKey(key, opened, out var value))
                yield return (ReservationNames.OfAggregate(key.Aggregate), value);
        }
    }

    /// <summary>Asks an aggregate which key an event sets.</summary>
    /// <returns>Whether it sets any, or none in the place of an earlier one.</returns>
    /// <exception cref="InvalidOperationException">The value cannot be a key.</exception>
    public static bool TryGetKey(NaturalKey key, IEvent @event, out string? value)
    {
        if (!key.TryGetKey(@event, out value))
            return false;

        if (value is not null && ReservationNames.FindFault(value) is { } fault)
            throw new InvalidOperationException(
                $"The natural key of '{key.Aggregate}' that event {@event.Id} ('{@event.TypeName}') sets for stream "
                    + $"'{@event.StreamId}' cannot be stored. {fault}");

        return true;
    }

    // A key is never made of personal data, so it does not matter that this is left out.
    private static IEvent Open(IEvent @event) => SealedEvent.Of(@event) is { } held
        ? SealedEventJson.TryRead(held.Type, held.Metadata, held.Json, ForgottenKeys.Instance, kept: null, out _) ?? @event
        : @event;
}
