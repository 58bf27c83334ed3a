using FluentEventStore.Aggregates;

namespace FluentEventStore;

/// <summary>Conditions on the aggregate of an event's stream, by type.</summary>
public static class AggregateFilters
{
    extension(EventFilter filter)
    {
        /// <summary>Lets the events of streams pass that were started for this aggregate; further calls add aggregates.</summary>
        /// <typeparam name="TAggregate">A type marked with <see cref="AggregateAttribute"/>.</typeparam>
        /// <exception cref="ArgumentException">The type is no aggregate.</exception>
        public EventFilter OfAggregate<TAggregate>()
            where TAggregate : class
        {
            ArgumentNullException.ThrowIfNull(filter);
            return filter.OfAggregate(AggregateCatalog.Get<TAggregate>().Name);
        }
    }
}
