using FluentEventStore.Serialization;

namespace FluentEventStore.Testing;

/// <summary>What tests do with a decider, without a store.</summary>
public static class Deciders
{
    /// <summary>Folds events as a stream that holds only these, so that a test can say what was given.</summary>
    /// <param name="decider">The decider.</param>
    /// <param name="events">The data of the events, in the order of the stream.</param>
    /// <returns>The state after them.</returns>
    /// <exception cref="ArgumentException">An event is null or of no event type: the message names its index.</exception>
    public static TState Fold<TState>(this IDecider<TState> decider, params object[] events) => decider.Fold((IEnumerable<object>)events);

    /// <inheritdoc cref="Fold{TState}(IDecider{TState}, object[])"/>
    public static TState Fold<TState>(this IDecider<TState> decider, IEnumerable<object> events)
    {
        ArgumentNullException.ThrowIfNull(decider);
        ArgumentNullException.ThrowIfNull(events);
        var state = decider.Initial;
        var version = 0;
        foreach (var data in events)
        {
            if (data is null || !EventCatalog.TryGet(data.GetType(), out var type))
                throw new ArgumentException(
                    data is null ? $"Event {version} is null." : $"Event {version} is not an event: {Unregistered.Event(data.GetType())}",
                    nameof(events));

            var metadata = new EventMetadata
            {
                StreamId = "given",
                Position = EventMetadata.Unassigned,
                Version = ++version,
                TypeName = type.Name,
                TypeVersion = type.Version
            };
            state = decider.Evolve(state, type.Record(data, metadata));
        }

        return state;
    }
}
