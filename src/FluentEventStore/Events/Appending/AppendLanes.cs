using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>
/// Writes units that only append. While nobody else writes a unit is sent at once, by itself; beside lanes that are busy a further one begins, or one that gets free
/// goes on, once as many units wait as each of those is sending. It takes all that wait, up to a bound, in one transaction. So nothing lingers, the more writers there
/// are the more share a commit, and no crowd of small commits takes the server's time from the large ones.
/// </summary>
internal sealed class AppendLanes(Database database, Append append, CombinedAppend combined, GroupCommitOptions options, TimeProvider timeProvider)
{
    /// <summary>How many events and bytes of payload are sent in one transaction at most, unless one unit alone has more.</summary>
    private const int MaxEvents = 4_000;
    private const long MaxSize = 4 * 1024 * 1024;

    /// <summary>
    /// How long a lane counts as busy with one statement: one that takes longer, for a stream that somebody else has locked, does not keep others waiting.
    /// Statements of many units give up waiting for a lock after as long.
    /// </summary>
    private static readonly TimeSpan LongestHold = CombinedAppend.LongestWait;

    /// <summary>How long a statement takes at most as a rule: behind one that takes longer, be it a lock or the disk, nobody waits for company.</summary>
    private static readonly TimeSpan UsualHold = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a cancelled session waits for a statement that others share, and that is therefore not cancelled.</summary>
    private static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Queue<WaitingUnit> _waiting = [];
    private readonly List<Lane> _busy = [];
    private bool _isWatched;

    /// <summary>Whether a unit goes through the lanes: it is small enough to be combined.</summary>
    public bool Takes(EventUnit unit) => options.IsEnabled && unit.EventIds.Length <= options.MaxEventsOfUnit;

    /// <summary>Sends a unit and waits until it is committed or refused.</summary>
    /// <param name="unit">The unit. Its payloads may be read as long as its outcome is not known.</param>
    /// <param name="cancellationToken">Gives up a unit that waits, or that is sent by itself: nothing is written then.</param>
    /// <exception cref="PostgresException">The database refused the statement for a reason that is none of the store's own.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection broke after the statement was sent, or the unit was cancelled while it was.</exception>
    public async Task<AppendOutcome> AppendAsync(EventUnit unit, CancellationToken cancellationToken)
    {
        var waiting = new WaitingUnit(unit, cancellationToken);
        if (TryEnter(waiting) is not { } lane)
            return await WaitAsync(waiting, cancellationToken).ConfigureAwait(false);

        // The lane is this very flow, as long as the unit takes; who waits meanwhile is served by another one.
        try
        {
            await SendAsync([waiting], cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(lane);
        }

        return await waiting.Outcome.ConfigureAwait(false);
    }

    private Lane? TryEnter(WaitingUnit unit)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 && IsWorthALane(units: 1) && unit.TryTake())
                return Begin(units: 1);

            _waiting.Enqueue(unit);
            if (IsWorthALane(_waiting.Count))
                Serve(Begin(_waiting.Count));

            if (_isWatched)
                return null;

            _isWatched = true;
        }

        _ = OwnFlow.Run(() => WatchAsync(CancellationToken.None));
        return null;
    }

    private void Leave(Lane lane)
    {
        lock (_lock)
        {
            if (lane.IsGivenUp)
                return;

            if (_waiting.Count == 0)
            {
                _busy.Remove(lane);
                return;
            }
        }

        Serve(lane);
    }

    /// <summary>Serves whoever waits, until nobody does or the lane was given up.</summary>
    private async Task ServeAsync(Lane lane, CancellationToken cancellationToken)
    {
        while (TakeWaiting(lane) is { Count: > 0 } units)
            await SendAsync(units, units is [var alone] ? alone.CancellationToken : cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As long as somebody waits, looks whether a lane is held so long that another one may begin beside it, or has to take its place.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(UsualHold, timeProvider, cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    _isWatched = false;
                    return;
                }

                foreach (var stuck in _busy.FindAll(lane => timeProvider.GetElapsedTime(lane.Since) >= LongestHold))
                {
                    stuck.IsGivenUp = true;
                    _busy.Remove(stuck);
                }

                if (IsWorthALane(_waiting.Count))
                    Serve(Begin(_waiting.Count));
            }
        }
    }

    /// <summary>Whether a lane is free, and so many units are company enough beside those that are busy.</summary>
    private bool IsWorthALane(int units)
    {
        if (_busy.Count >= options.Lanes)
            return false;

        // Asked for each unit, under the lock: without a closure.
        foreach (var lane in _busy)
        {
            if (units < lane.Units && timeProvider.GetElapsedTime(lane.Since) < UsualHold)
                return false;
        }

        return true;
    }

    private Lane Begin(int units)
    {
        var lane = new Lane { Since = timeProvider.GetTimestamp(), Units = units };
        _busy.Add(lane);
        return lane;
    }

    private void Serve(Lane lane) => _ = OwnFlow.Run(() => ServeAsync(lane, CancellationToken.None));

    private List<WaitingUnit> TakeWaiting(Lane lane)
    {
        List<WaitingUnit> taken = [];
        var (events, size) = (0, 0L);
        lock (_lock)
        {
            if (lane.IsGivenUp)
                return taken;

            _busy.Remove(lane);
            if (!IsWorthALane(_waiting.Count))
                return taken;

            while (taken.Count < options.MaxUnits && _waiting.TryPeek(out var next))
            {
                events += next.Unit.EventIds.Length;
                size += next.Unit.Size;
                if (taken.Count > 0 && (events > MaxEvents || size > MaxSize))
                    break;

                _waiting.Dequeue();
                if (next.TryTake())
                    taken.Add(next);
            }

            if (taken.Count == 0)
                return taken;

            _busy.Add(lane);
            lane.Units = taken.Count;
            lane.Since = timeProvider.GetTimestamp();
        }

        return taken;
    }

    private async Task<AppendOutcome> WaitAsync(WaitingUnit unit, CancellationToken cancellationToken)
    {
        // What became of the unit counts, also where it is known at the very moment when the session gives up.
        await ((Task)unit.Outcome.WaitAsync(cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!unit.Outcome.IsCompleted)
        {
            if (unit.TryLeave())
                throw new OperationCanceledException(cancellationToken);

            // Others are in the same statement. Its outcome is near, as a rule; who is not told it may save again without harm.
            await ((Task)unit.Outcome.WaitAsync(CancellationGrace, timeProvider, CancellationToken.None)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!unit.Outcome.IsCompleted)
                throw new CommitOutcomeUnknownException(new OperationCanceledException(cancellationToken));
        }

        return await unit.Outcome.ConfigureAwait(false);
    }

    /// <summary>Sends units together and completes each. What fails as a whole is sent again in halves, so that only the culprit fails.</summary>
    private async Task SendAsync(List<WaitingUnit> units, CancellationToken cancellationToken)
    {
        try
        {
            // Within, for a listener may throw: its units fail, and the lane goes on.
            StoreMeter.UnitsOfCommit.Record(units.Count);
            if (units.Count < options.CombinesFrom)
                await SendOneAsync(units[0], cancellationToken).ConfigureAwait(false);
            else
                await SendManyAsync(units, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (units.Count > 1 && !SqlStates.LeavesOutcomeUnknown(failure))
        {
            // One that ends the connection, or let none begin, is no unit's fault: it would meet each of them.
            var half = units.Count / 2;
            var first = SendAsync(units[..half], cancellationToken);

            // One half waits for a stream that somebody holds: the other one does not wait behind it.
            if (failure.SqlState != PostgresErrorCodes.LockNotAvailable)
                await first.ConfigureAwait(false);

            await Task.WhenAll(first, SendAsync(units[half..], cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // Each session gets what the statement met with: it is theirs to handle, and no other place would ever see it.
            units[0].Fail(failure);
            foreach (var other in units.Skip(1))
                other.Fail(SharedFailure.Copy(failure) ?? failure);
        }
    }

    private async Task SendOneAsync(WaitingUnit unit, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        append.AddAppend(batch, unit.Unit);
        var commit = await database
            .WriteAsync(batch, row => Append.ReadCommit(row, unit.Unit), cancellationToken)
            .ConfigureAwait(false);
        unit.Complete(new AppendOutcome(commit!));
    }

    private async Task SendManyAsync(List<WaitingUnit> units, CancellationToken cancellationToken)
    {
        EventUnit[] together = [.. units.Select(static unit => unit.Unit)];
        using var batch = new NpgsqlBatch();
        combined.Add(batch, together);
        var outcomes = await database
            .WriteAsync(batch, row => CombinedAppend.ReadOutcomes(row, together), cancellationToken)
            .ConfigureAwait(false);
        for (var index = 0; index < units.Count; index++)
            units[index].Complete(outcomes![index]);
    }

    /// <summary>A lane that is busy.</summary>
    private sealed class Lane
    {
        /// <summary>When its statement was begun.</summary>
        public long Since { get; set; }

        /// <summary>How many units it is sending.</summary>
        public int Units { get; set; }

        /// <summary>Whether another lane has taken its place: it ends when its statement does.</summary>
        public bool IsGivenUp { get; set; }
    }
}
