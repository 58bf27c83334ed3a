namespace FluentEventStore;

/// <summary>The projections of a store that a daemon keeps, whichever processes carry them. Safe for use by several threads.</summary>
public interface IStoreProjections
{
    /// <summary>All versions of the declared projections, and how far they are.</summary>
    Task<IReadOnlyList<ProjectionStatus>> StatusAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Derives everything anew from the beginning of the log, beside what serves: sessions read that until the new rows have caught up and
    /// are switched to in one transaction. Daemons do the work; when this returns, it has begun, and goes on whoever ends.
    /// </summary>
    /// <param name="projection">The name of the projection.</param>
    /// <param name="cancellationToken">Cancels the beginning.</param>
    /// <remarks>A snapshot is rebuilt in place by <see cref="IEventStore.FillSnapshotsAsync{T}(CancellationToken)"/>.</remarks>
    /// <exception cref="ProjectionBusyException">It is being rebuilt, or a version of it is being built.</exception>
    /// <exception cref="ArgumentException">No projection that a daemon keeps has the name, or it keeps snapshots.</exception>
    /// <exception cref="InvalidOperationException">No daemon has begun to keep it yet.</exception>
    Task RebuildAsync(string projection, CancellationToken cancellationToken = default);

    /// <summary>Ends what is being built; what serves stays. Does nothing if nothing is.</summary>
    /// <inheritdoc cref="RebuildAsync" path="/param"/>
    /// <exception cref="InvalidOperationException">It is the first build of a version that this process declares.</exception>
    Task CancelRebuildAsync(string projection, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets what was built serve, when all of it stands at the same position as what serves now. It waits for that.
    /// </summary>
    /// <inheritdoc cref="RebuildAsync" path="/param"/>
    /// <returns>The position of the log at which it was switched; <see langword="null"/> if nothing is built.</returns>
    /// <exception cref="SubscriptionStoppedException">Keys of it are parked, or it is faulted or paused.</exception>
    Task<long?> SwitchAsync(string projection, CancellationToken cancellationToken = default);

    /// <summary>
    /// Goes back to what served before the last rebuild of the same version: it first catches up, and serves when it stands at the same
    /// position.
    /// </summary>
    /// <inheritdoc cref="RebuildAsync" path="/param"/>
    /// <inheritdoc cref="RebuildAsync" path="/exception"/>
    Task SwitchBackAsync(string projection, CancellationToken cancellationToken = default);

    /// <summary>
    /// Compares the rows of what is built with those of what serves, in one statement. Rows that events concern which only one of them has
    /// handled differ too: so it counts when both stand still, or no event comes.
    /// </summary>
    /// <inheritdoc cref="RebuildAsync" path="/param"/>
    /// <returns><see langword="null"/> if nothing is built.</returns>
    Task<ProjectionComparison?> CompareAsync(string projection, CancellationToken cancellationToken = default);
}
