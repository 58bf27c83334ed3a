using FluentEventStore.Aggregates;
using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

internal sealed class EventStream<T>(PendingAppends appends, AggregateType<T> type, StreamId streamId, T? aggregate, long version) : IEventStream<T>
    where T : class
{
    public StreamId StreamId { get; } = streamId;

    public T? Aggregate { get; } = aggregate;

    public long Version { get; } = version;

    public PendingEvents Append(params object[] events) => appends.AppendAt(StreamId, Version, type.Name, events);

    public PendingEvents Append(IEnumerable<object> events) => appends.AppendAt(StreamId, Version, type.Name, events);
}
