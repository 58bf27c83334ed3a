using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

internal sealed class EventBoundary<T>(PendingAppends appends, PendingBoundary boundary, T? aggregate, IReadOnlyList<IEvent> events)
    : IEventBoundary<T>
    where T : class
{
    public T? Aggregate { get; } = aggregate;

    public IReadOnlyList<IEvent> Events { get; } = events;

    public PendingEvents Append(StreamId streamId, params object[] events) => Append(streamId, (IEnumerable<object>)events);

    public PendingEvents Append(StreamId streamId, IEnumerable<object> events)
    {
        var pending = appends.Append(streamId, ExpectedVersion.Any, events);
        Enforce();
        return pending;
    }

    public void Enforce() => appends.Enforce(boundary);
}
