using FluentEventStore.Aggregates;
using FluentEventStore.Events;

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

    /// <summary>Finds the views that a unit concerns; <see langword="null"/> where there are none.</summary>
    /// <exception cref="ArgumentException">A stream is started for an aggregate whose view cannot have its id.</exception>
    IViewFolding? FindFolding(EventUnit unit);
}
