using FluentEventStore.Serialization;

namespace FluentEventStore;

/// <summary>Conditions on the type of an event, by the handler that takes it.</summary>
public static class HandlerFilters
{
    extension(EventFilter filter)
    {
        /// <summary>
        /// Lets the events pass that the handler takes, of all types that the process knows by now: those of loaded assemblies, and older
        /// shapes that upcasters turn into them. Further calls add types. A handler that takes every event gets those of unknown types too:
        /// reading them throws <see cref="UnknownEventTypeException"/>, so that no event is skipped.
        /// </summary>
        /// <exception cref="ArgumentException">No known type of events is among those that the handler takes.</exception>
        public EventFilter For(IEventHandler handler)
        {
            ArgumentNullException.ThrowIfNull(filter);
            ArgumentNullException.ThrowIfNull(handler);
            return filter.Of(handler.GetType(), handler.EventTypes);
        }

        /// <inheritdoc cref="For(EventFilter, IEventHandler)"/>
        /// <typeparam name="T">The type of the handler.</typeparam>
        public EventFilter For<T>()
            where T : IDeclaredEventHandler
        {
            ArgumentNullException.ThrowIfNull(filter);
            return filter.Of(typeof(T), T.HandledEvents);
        }

        private EventFilter Of(Type handler, IReadOnlyList<Type> eventTypes)
        {
            if (eventTypes.Contains(typeof(object)))
                return filter.OfEveryType();

            var names = EventCatalog.NamesReadAs(eventTypes);
            return names.Count > 0
                ? filter.OfTypes(names)
                : throw new ArgumentException(
                    $"{handler} takes no event: no registered event type is one of {string.Join(", ", eventTypes)}. Are they marked with "
                        + "[Event], and does their project reference the generator?", nameof(handler));
        }
    }
}
