using FluentEventStore.Serialization;

namespace FluentEventStore.Subscriptions;

/// <summary>Picks from a part of the log what concerns one range of a subscription.</summary>
internal static class PageSorting
{
    public static WorkPage Sort(FeedPage page, Declaration declaration, RangeScope scope)
    {
        var items = new List<WorkItem>(page.Events.Count);
        foreach (var @event in page.Events)
        {
            // A stream is read as a whole.
            if (declaration.Stream is not null && !declaration.Query.Passes(@event))
                continue;

            if (ItemOf(@event, declaration) is { } item && scope.Holds(item.Key))
                items.Add(item);
        }

        return new WorkPage(page.After, page.ReadTo, items)
        {
            BytesOfEvent = page.Events.Count > 0 ? page.Bytes / page.Events.Count : 0,
        };
    }

    // What the user's code throws is a failure of the event, which then stands alone: its key is not known.
    private static WorkItem? ItemOf(IEvent @event, Declaration declaration)
    {
        if (@event is UnreadableEvent unreadable)
            return new WorkItem(@event, KeyOfUnreadable(@event, declaration), FailureOf(unreadable.Failure.SourceException));

        try
        {
            return declaration.Predicate is { } predicate && !predicate(@event)
                ? null
                : new WorkItem(@event, EventKey.Of(@event, declaration.Partition), Unusable: null);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return new WorkItem(@event, Alone(@event), new WorkFailure(FailureKind.KeyFailed, failure));
        }
    }

    private static WorkFailure FailureOf(Exception failure) =>
        new(failure is UnknownEventTypeException ? FailureKind.UnknownType : FailureKind.Unreadable, failure);

    private static EventKey KeyOfUnreadable(IEvent @event, Declaration declaration)
    {
        try
        {
            return EventKey.Of(@event, declaration.Partition);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return Alone(@event);
        }
    }

    private static EventKey Alone(IEvent @event) => new(@event.TenantId.Value, @event.Id.ToString());
}
