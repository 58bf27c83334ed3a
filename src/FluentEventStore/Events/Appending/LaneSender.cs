using System.Diagnostics;
using System.Runtime.CompilerServices;
using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>Sends units together and completes each.</summary>
/// <param name="writer">Writes units.</param>
/// <param name="options">From how many on units share a statement.</param>
/// <param name="longestWait">How long a statement of many waits for a lock.</param>
internal sealed class LaneSender(LaneWriter writer, GroupCommitOptions options, TimeSpan longestWait)
{
    /// <summary>
    /// Sends units in as few statements as possible. A statement that fails as a whole is sent again in halves, so that only the culprit
    /// fails.
    /// </summary>
    /// <param name="lane">Where they are sent.</param>
    /// <param name="units">The units, in the order in which they are judged.</param>
    /// <param name="stepAside">Of units that met a lock, takes out those that wait for it, and returns the others.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(
        Lane lane,
        IReadOnlyList<WaitingUnit> units,
        Func<Lane, IReadOnlyList<WaitingUnit>, CancellationToken, Task<IReadOnlyList<WaitingUnit>>> stepAside,
        CancellationToken cancellationToken)
    {
        try
        {
            while (units.Count > 0 && await TrySendAsync(lane, units, cancellationToken).ConfigureAwait(false) is { } refusal)
            {
                writer.Telemetry.Retry(refusal.SqlState, units.Count);
                var left = refusal.SqlState == PostgresErrorCodes.LockNotAvailable
                    ? await stepAside(lane, units, cancellationToken).ConfigureAwait(false)
                    : units;
                if (left.Count == 1 && units.Count == 1)
                {
                    // It waits for something else than a stream, as it does if nobody else waits.
                    lane.IsCautious = false;
                }
                else if (left.Count == units.Count)
                {
                    // One after the other: units of one stream are judged in their order.
                    var half = units.Count / 2;
                    await SendAsync(lane, [.. units.Take(half)], stepAside, cancellationToken).ConfigureAwait(false);
                    left = [.. units.Skip(half)];
                }

                units = left;
            }
        }
        catch (Exception failure)
        {
            // Each session gets the failure of the statement: nobody else would ever see it.
            units[0].Fail(failure);
            foreach (var other in units.Skip(1))
                other.Fail(SharedFailure.Copy(failure));
        }
    }

    /// <summary>Sends a unit that waits for locked streams.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="limit">How long it waits; <see cref="Timeout.InfiniteTimeSpan"/> means no limit.</param>
    /// <param name="explain">Makes the exception for when the limit is reached.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    public async Task SendPatientlyAsync(
        WaitingUnit unit, TimeSpan limit, Func<StreamLockedException> explain, CancellationToken cancellationToken)
    {
        var commit = default(Activity);
        try
        {
            // Ends before the statement times out: after a time-out, nobody would know what became of the unit.
            var until = limit == Timeout.InfiniteTimeSpan
                ? TimeSpan.Zero
                : TimeSpan.FromMilliseconds(Math.Max(1, limit.TotalMilliseconds * 0.9));
            commit = StartCommit([unit]);
            unit.Complete((await writer.WriteAsync([unit.Unit], until, cancellationToken).ConfigureAwait(false))[0]);
        }
        catch (Exception failure)
        {
            StoreTracing.Fail(commit, failure);
            unit.Fail(failure is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } ? explain() : failure);
        }
        finally
        {
            StoreTracing.End(commit);
        }
    }

    /// <summary>Sends units in one statement.</summary>
    /// <returns>Why the database refused all of them, if one may be to blame; <see langword="null"/> if all are completed.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<PostgresException?> TrySendAsync(
        Lane lane, IReadOnlyList<WaitingUnit> units, CancellationToken cancellationToken)
    {
        var waitsShortly = units.Count > 1 || lane.IsCautious;
        var commit = default(Activity);
        try
        {
            // Inside the try: if a listener throws, its units fail, and the lane goes on.
            StoreMeter.UnitsOfCommit.Record(units.Count, writer.Telemetry.SchemaTag);
            commit = lane.IsOfSession ? null : StartCommit(units);
            if (units.Count < options.CombinesFrom && !lane.IsCautious)
            {
                units[0].Complete(await writer.WriteAsync(units[0].Unit, cancellationToken).ConfigureAwait(false));
                return null;
            }

            var combined = new EventUnit[units.Count];
            for (var index = 0; index < combined.Length; index++)
                combined[index] = units[index].Unit;

            var outcomes = await writer
                .WriteAsync(combined, waitsShortly ? longestWait : TimeSpan.Zero, cancellationToken)
                .ConfigureAwait(false);
            for (var index = 0; index < units.Count; index++)
                units[index].Complete(outcomes[index]);

            return null;
        }
        catch (PostgresException refusal) when (
            units.Count > 1
                ? !SqlStates.LeavesOutcomeUnknown(refusal)
                : waitsShortly && refusal.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Not if the connection broke or could not be opened: then no unit is to blame, and each would fail.
            StoreTracing.Fail(commit, refusal);
            return refusal;
        }
        catch (Exception failure)
        {
            StoreTracing.Fail(commit, failure);
            throw;
        }
        finally
        {
            StoreTracing.End(commit);
        }
    }

    /// <summary>
    /// Begins the span of a statement that runs in the flow of no session: within that of the save if it carries one unit, else as a trace
    /// of its own with links to and from the saves of all.
    /// </summary>
    private Activity? StartCommit(IReadOnlyList<WaitingUnit> units)
    {
        if (!StoreTracing.IsOn)
            return null;

        var (saves, events, streams) = (new Activity?[units.Count], 0, 0);
        for (var index = 0; index < saves.Length; index++)
        {
            saves[index] = units[index].Save;
            events += units[index].Unit.Events.Length;
            streams += units[index].Unit.Streams.Length;
        }

        return writer.Telemetry.StartCommit(saves, events, streams);
    }
}
