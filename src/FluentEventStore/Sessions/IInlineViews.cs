using FluentEventStore.Events;
using FluentEventStore.Serialization;

namespace FluentEventStore.Sessions;

/// <summary>The views that are written in the unit of work that appends their events.</summary>
internal interface IInlineViews
{
    /// <summary>Whether the store keeps the aggregate as an inline view.</summary>
    bool Keeps(Type aggregateType);

    /// <summary>Reads the views of streams as they are now, in one round trip.</summary>
    /// <param name="aggregateType">What is kept.</param>
    /// <param name="tenantId">The tenant of the streams.</param>
    /// <param name="streamIds">The streams, none twice, with ids that the aggregate's documents can have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The views, in the order of the streams.</returns>
    Task<IReadOnlyList<FetchedView>> FetchAsync(Type aggregateType, TenantId tenantId, IReadOnlyList<StreamId> streamIds, CancellationToken cancellationToken);

    /// <summary>Folds the events of a unit into the views that they concern, reading those that were not fetched in one round trip.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="fetched">What the session fetched so far.</param>
    /// <param name="payloads">Where the JSON of the views is written to.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<FoldedViews> FoldAsync(EventUnit unit, FetchedViews fetched, JsonWriter payloads, CancellationToken cancellationToken);
}
