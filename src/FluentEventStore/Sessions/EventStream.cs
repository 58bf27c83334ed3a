using FluentEventStore.Aggregates;
using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

internal sealed class EventStream<T>(EventOperations operations, AggregateType<T> type, FetchedVersion version, T? aggregate)
    : IEventStream<T>
    where T : class
{
    public StreamId StreamId => version.StreamId;

    public T? Aggregate { get; } = aggregate;

    public long Version => version.Value;

    public PendingEvents Append(params object[] events) => Append((IEnumerable<object>)events);

    public PendingEvents Append(IEnumerable<object> events) =>
        operations.AppendAt(type, StreamId, Version, begins: Aggregate is null, events);
}
