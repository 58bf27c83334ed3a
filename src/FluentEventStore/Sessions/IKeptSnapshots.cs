using FluentEventStore.Aggregates;

namespace FluentEventStore.Sessions;

/// <summary>The aggregates that are kept as documents, whatever their life cycle, for sessions to read.</summary>
internal interface IKeptSnapshots
{
    /// <summary>Whether the store keeps the aggregate as a document.</summary>
    bool Keeps(Type aggregateType);

    /// <summary>Reads the snapshots of streams as they are now, in one round trip.</summary>
    /// <param name="aggregateType">What is kept.</param>
    /// <param name="tenantId">The tenant of the streams.</param>
    /// <param name="streamIds">The streams, none twice, with ids that the aggregate's documents can have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The snapshots, in the order of the streams.</returns>
    Task<IReadOnlyList<FetchedSnapshot>> FetchAsync(
        Type aggregateType, TenantId tenantId, IReadOnlyList<StreamId> streamIds, CancellationToken cancellationToken);
}
