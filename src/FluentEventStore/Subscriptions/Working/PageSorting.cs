using FluentEventStore.Serialization;

namespace FluentEventStore.Subscriptions;

/// <summary>Picks from a part of the log what concerns one range of a subscription.</summary>
internal static class PageSorting
{
    public static WorkPage Sort(FeedPage page, Declaration declaration, RangeScope scope)
    {
        // Which range an event is of that has no known key shows only once the key is mended: till then none may pass it.
        var holdsUnknown = declaration.Retries.Then == FailedEvent.Stop;
        return Sort(page, declaration, item =>
            scope.Holds(item.Key) || (item.IsKeyUnknown && holdsUnknown && scope.HoldsTenant(item.Key.Tenant)));
    }

    /// <summary>Picks what waits of parked keys.</summary>
    /// <remarks>
    /// An event that was parked alone, since its key was not known, is found by that: by its key, it may be of another range by now, which
    /// has passed it.
    /// </remarks>
    public static WorkPage SortParked(FeedPage page, Declaration declaration, RangeScope scope, IReadOnlyCollection<EventKey> keys)
    {
        var sorted = Sort(page, declaration, item => scope.Holds(item.Key) || keys.Contains(Alone(item.Event)));
        return sorted with
        {
            Items = [.. sorted.Items.Select(item => keys.Contains(Alone(item.Event)) ? item with { Key = Alone(item.Event) } : item)],
        };
    }

    private static WorkPage Sort(FeedPage page, Declaration declaration, Func<WorkItem, bool> holds)
    {
        var items = new List<WorkItem>(page.Events.Count);
        foreach (var @event in page.Events)
        {
            // A stream is read as a whole.
            if (declaration.Stream is not null && !declaration.Query.Passes(@event))
                continue;

            if (ItemOf(@event, declaration) is { } item && holds(item))
                items.Add(item);
        }

        return new WorkPage(page.After, page.ReadTo, items)
        {
            BytesOfEvent = page.Events.Count > 0 ? page.Bytes / page.Events.Count : 0,
        };
    }

    // What the user's code throws is a failure of the event. It keeps its place among those of its key, unless that is what failed.
    private static WorkItem? ItemOf(IEvent @event, Declaration declaration)
    {
        var unusable = @event is UnreadableEvent unreadable ? FailureOf(unreadable.Failure.SourceException) : null;
        try
        {
            if (unusable is null && declaration.Predicate is { } predicate && !predicate(@event))
                return null;
        }
        catch (Exception failure)
        {
            unusable = new WorkFailure(FailureKind.KeyFailed, failure);
        }

        try
        {
            return new WorkItem(@event, EventKey.Of(@event, declaration.Partition), unusable);
        }
        catch (Exception failure)
        {
            return new WorkItem(@event, Alone(@event), unusable ?? new WorkFailure(FailureKind.KeyFailed, failure))
            {
                IsKeyUnknown = true,
            };
        }
    }

    private static WorkFailure FailureOf(Exception failure) =>
        new(failure is UnknownEventTypeException ? FailureKind.UnknownType : FailureKind.Unreadable, failure);

    private static EventKey Alone(IEvent @event) => new(@event.TenantId.Value, @event.Id.ToString());
}
