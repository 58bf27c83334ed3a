using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

/// <summary>Where units of a process wait for each other.</summary>
internal sealed class UnitLines(AppendLanes lanes, TimeProvider clock)
{
    /// <summary>If a turn takes longer, somebody keeps the stream locked.</summary>
    private static readonly TimeSpan UsualTurn = TimeSpan.FromMilliseconds(100);

    /// <summary>Where units that only append are combined.</summary>
    public AppendLanes Lanes => lanes;

    /// <summary>Where units that do more than append stand in line for their streams.</summary>
    public StreamLines Writers { get; } = new(clock, Timeout.InfiniteTimeSpan);

    /// <summary>Where decisions over a stream stand in line, once two of them have met there.</summary>
    public StreamLines Deciders { get; } = new(clock, longestTurn: TimeSpan.FromSeconds(1));

    /// <summary>
    /// Waits behind other units of the process that write to the same streams. Only one of them takes a connection, however long the stream
    /// is locked.
    /// </summary>
    /// <param name="unit">The unit.</param>
    /// <param name="folding">What folds its inline snapshots; <see langword="null"/> if it concerns none.</param>
    /// <param name="patience">How long it waits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The turn, which ends when it is disposed.</returns>
    /// <exception cref="SnapshotConflictException">Others took all the time, and the unit concerns snapshots.</exception>
    /// <exception cref="StreamLockedException">Others took all the time.</exception>
    public async Task<IDisposable> EnterAsync(
        EventUnit unit, IInlineFolding? folding, Patience patience, CancellationToken cancellationToken)
    {
        var streams = unit.Streams;
        try
        {
            // A unit that expects a version and comes after another is usually refused: the sooner the better, unless the stream is held.
            var isRival = folding is null && Array.Exists(streams, static stream => stream.Expected.Version is not null);
            return await Writers
                .EnterAsync(
                    unit.TenantId,
                    streams.Select(static stream => stream.StreamId),
                    patience.Left,
                    isRival ? UsualTurn : TimeSpan.Zero,
                    cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (folding is not null)
                throw new SnapshotConflictException(folding.Rows, patience.Spent);

            var waitedFor = Array.Find(streams, stream => Writers.IsBusy(unit.TenantId, stream.StreamId)) ?? streams[0];
            throw new StreamLockedException(waitedFor.StreamId, patience.Spent);
        }
    }
}
