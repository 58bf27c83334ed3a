using FluentEventStore.Documents;
using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

/// <summary>The views that are written in the unit of work that appends their events.</summary>
internal interface IInlineViews
{
    /// <summary>Whether the store keeps the aggregate as an inline view.</summary>
    bool Keeps(Type aggregateType);

    /// <summary>Reads the view of a stream as it is now, in one round trip, and keeps it for <see cref="FoldAsync"/>.</summary>
    Task<FetchedView> FetchAsync(Type aggregateType, TenantId tenantId, StreamId streamId, CancellationToken cancellationToken);

    /// <summary>Folds the events of a unit into the views that they concern, reading those that were not fetched in one round trip.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="fetched">What the session fetched so far.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<FoldedViews> FoldAsync(EventUnit unit, FetchedViews fetched, CancellationToken cancellationToken);

    /// <summary>The removal of the views of streams that a unit erases.</summary>
    IEnumerable<DocumentChange> RemovalsFor(EventUnit? unit);
}
