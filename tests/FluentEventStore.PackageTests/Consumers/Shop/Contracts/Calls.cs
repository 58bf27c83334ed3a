using System.Collections.Generic;
using System.Linq;
using FluentEventStore;
using FluentEventStore.Testing;

namespace Contracts
{
    /// <summary>Every call that takes any number of things, as C# 12 writes it: one, several, an array, a list.</summary>
    public static class Calls
    {
        public static void Append(IEventOperations events, StreamId id, Measured measured, IReadOnlyList<object> many)
        {
            events.Append(id, measured);
            events.Append(id, measured, measured);
            events.Append(id, many);
            events.Append(id, ExpectedVersion.Any, measured, measured);
            events.Append(id, ExpectedVersion.Any, many);
            events.StartStream(id, measured, measured);
            events.StartStream(id, many);
            events.CompactStream(id, 1, measured, new Tag("a", 1), new Tag("b", 2));
        }

        public static void Start<TAggregate>(IEventOperations events, StreamId id, Measured measured, IReadOnlyList<object> many)
            where TAggregate : class
        {
            events.StartStream<TAggregate>(id, measured);
            events.StartStream<TAggregate>(id, measured, measured);
            events.StartStream<TAggregate>(id, many);
        }

        public static void Append(
            IEventStream<object> stream, IEventBoundary<object> boundary, StreamId id, Measured measured, IReadOnlyList<object> many)
        {
            stream.Append(measured, measured);
            stream.Append(many);
            boundary.Append(id, measured, measured);
            boundary.Append(id, many);
        }

        public static void Link(IEventOperations events, StreamId id, IReadOnlyList<IEvent> linked)
        {
            events.LinkTo(id, linked[0]);
            events.LinkTo(id, linked[0], linked[1]);
            events.LinkTo(id, linked);
        }

        public static EventFilter Filter(IEnumerable<string> names, TenantId[] tenants) => new EventFilter()
            .OfTypes("a")
            .OfTypes("a", "b")
            .OfTypes(["a", "b"])
            .OfTypes(names)
            .OfTypes(names.ToArray())
            .OfTenants("a")
            .OfTenants("a", "b")
            .OfTenants(tenants)
            .OfTenants(tenants.Where(tenant => tenant != TenantId.Default));

        public static TState Fold<TState>(IDecider<TState> decider, IEnumerable<object> given) =>
            decider.Fold(new Measured(1, default), new Measured(2, default)) is { } state ? state : decider.Fold(given);
    }
}
